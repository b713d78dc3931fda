"""Panel days in the officers' panel: setting one up, and the page that is shown to the people in the room."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from spatc_funds.applications.models import Submission
from spatc_funds.applications.queries import submission_by_reference
from spatc_funds.assessment import advising, convening, meetings, spreads
from spatc_funds.assessment.models import Meeting
from spatc_funds.assessment.panel_forms import (
    AttendForm,
    MinuteForm,
    attend_form,
    meeting_form,
    minute_form,
    order_in,
)
from spatc_funds.core import clock
from spatc_funds.core.problems import MissingError, NotReadyError
from spatc_funds.core.words import count_of
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.models import Round
from spatc_funds.funds.queries import round_by_code
from spatc_funds.policy.actions import Action
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose
from spatc_funds.web.panel_filters import WHOLE

UNPROCESSABLE = 422


class Days(Gate):
    """People who talk about bids of one round. Of a bid that the reader may not see there is nothing on any page."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.MEETING_LIST,
        "show": Action.MEETING_LIST,
        "set_new": Action.MEETING_SET,
        "set_up": Action.MEETING_SET,
        "attend": Action.MEETING_SET,
        "call": Action.MEETING_CALL,
        "end": Action.MEETING_CALL,
        "minute": Action.MEETING_MINUTE,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every panel day, and where one can be set up."""
        rounds = meetings.rounds_to_meet_on() if self.may("set_new") else []
        return self.render("assessment/panel_days.html", meetings=meetings.meetings(), rounds=rounds)

    @expose("/<code>/set-up", methods=("GET", "POST"))
    def set_new(self, code: str) -> ResponseReturnValue:
        """A new panel day; its agenda is the bids that a panel has to talk about, until somebody chooses others."""
        return self._setting(_round(code), None)

    @expose("/<code>/<number>/set-up", methods=("GET", "POST"))
    def set_up(self, code: str, number: str) -> ResponseReturnValue:
        """Change a panel day."""
        return self._setting(_round(code), _meeting(code, number))

    @expose("/<code>/<number>/")
    def show(self, code: str, number: str) -> ResponseReturnValue:
        """The day, for the room: the bid that is talked about, who leaves, who chairs, and what comes next.

        ``?screen=1`` is the same for a big screen.
        """
        return self._page(_meeting(code, number), screen=request.args.get("screen") == "1")

    @expose("/<code>/<number>/attend", methods=("POST",))
    def attend(self, code: str, number: str) -> ResponseReturnValue:
        """Say who is in the room."""
        meeting, actor = _meeting(code, number), current_actor()
        form = _attending(meeting, posted=True)
        if not form.validate_on_submit():
            return self._page(meeting, attending=form), UNPROCESSABLE
        with unit_of_work(actor.id, Action.MEETING_SET, _subject(meeting)):
            count = convening.attend(actor, meeting, form.present.data or (), form.version.data)
        flash(f"{count_of(count, 'person is', 'people are')} in the room.", "success")
        return self._back(meeting)

    @expose("/<code>/<number>/<ref:reference>/call", methods=("POST",))
    def call(self, code: str, number: str, reference: str) -> ResponseReturnValue:
        """Call a bid up; where nobody can chair it, say so."""
        meeting, submission = self._item(Action.MEETING_CALL, code, number, reference)
        try:
            ended = self._act(Action.MEETING_CALL, meeting, submission, convening.call, clock.now())
        except NotReadyError as error:
            flash(f"{error}.", "error")
        else:
            before = f" The talk about {' and '.join(ended)} ended with that." if ended else ""
            flash(f"{reference} is called up.{before}", "success")
        return self._back(meeting)

    @expose("/<code>/<number>/<ref:reference>/end", methods=("POST",))
    def end(self, code: str, number: str, reference: str) -> ResponseReturnValue:
        """End the talk about a bid."""
        meeting, submission = self._item(Action.MEETING_CALL, code, number, reference)
        self._act(Action.MEETING_CALL, meeting, submission, convening.end, clock.now())
        return self._back(meeting)

    @expose("/<code>/<number>/<ref:reference>/minute", methods=("POST",))
    def minute(self, code: str, number: str, reference: str) -> ResponseReturnValue:
        """Save what was said about a bid."""
        meeting, submission = self._item(Action.MEETING_MINUTE, code, number, reference)
        form = minute_form(reference, "", "", posted=True)
        if not form.validate_on_submit():
            return self._page(meeting, minuting=(reference, form)), UNPROCESSABLE
        said = (form.minute.data, form.began.data or None)
        self._act(Action.MEETING_MINUTE, meeting, submission, convening.minute, *said)
        flash(f"The minute of {reference} is saved.", "success")
        return self._back(meeting)

    def _setting(self, asked: Round, meeting: Meeting | None) -> ResponseReturnValue:
        actor = current_actor()
        agenda = spreads.agenda_bids(actor, asked)
        form = meeting_form(meetings.sitters(), _places(agenda, meeting), meeting, clock.london_day(clock.now()))
        if form.validate_on_submit():
            said = _said(form)
            bids = [bid for bid, _part, _why in agenda]
            offered = frozenset(bid.id for bid in bids)
            try:
                with unit_of_work(actor.id, Action.MEETING_SET, asked.code) as act:
                    found = convening.set_meeting(
                        actor, asked, said, order_in(form, bids), offered, meeting, form["version"].data
                    )
                    act.subject = f"{asked.code} {found.number}"
                    number = found.number
            except NotReadyError as error:
                form.show(error.problems)
            else:
                flash(f"{said.name} is set up.", "success")
                return redirect(self.get_url(".show", code=asked.code, number=number), 303)
        page = self.render(
            "assessment/panel_day_form.html",
            round=asked,
            meeting=meeting,
            form=form,
            places=[form[f"place-{bid.reference}"] for bid, part, _why in agenda if part != "rest"],
            others=[form[f"place-{bid.reference}"] for bid, part, _why in agenda if part == "rest"],
        )
        return page, UNPROCESSABLE if form.errors else 200

    def _item(self, action: Action, code: str, number: str, reference: str) -> tuple[Meeting, Submission]:
        submission = self.load(action, submission_by_reference, reference)
        return _meeting(code, number), submission

    def _act(
        self, action: Action, meeting: Meeting, submission: Submission, operation: Callable[..., Any], *said: Any
    ) -> Any:
        actor = current_actor()
        with unit_of_work(actor.id, action, submission.reference):
            return operation(actor, meeting, submission, *said)

    def _back(self, meeting: Meeting) -> ResponseReturnValue:
        return redirect(self.get_url(".show", code=meeting.round.code, number=meeting.number), 303)

    def _page(
        self,
        meeting: Meeting,
        attending: AttendForm | None = None,
        minuting: tuple[str, MinuteForm] | None = None,
        *,
        screen: bool = False,
    ) -> str:
        day = meetings.day_of(current_actor(), meeting, clock.now())
        minutes = {
            each.bid.reference: minute_form(each.bid.reference, each.item.minute, each.began)
            for each in day.items
            if each.item.called_at is not None and self.may("minute")
        }
        if minuting is not None:
            minutes |= dict([minuting])
        return self.render(
            "assessment/panel_day_screen.html" if screen else "assessment/panel_day.html",
            round=meeting.round,
            meeting=meeting,
            day=day,
            bodies=advising.advice_shown(current_actor(), day.current.bid) if day.current else [],
            minutes=minutes,
            attending=attending or _attending(meeting),
            form=attending or (minuting[1] if minuting else None),
        )


def _round(code: str) -> Round:
    asked = round_by_code(code)
    if asked is None or not asked.criteria:
        raise MissingError
    return asked


def _meeting(code: str, number: str) -> Meeting:
    found = meetings.meeting_of(code, int(number)) if WHOLE.fullmatch(number) else None
    if found is None:
        raise MissingError
    return found


def _subject(meeting: Meeting) -> str:
    """What the log calls a panel day."""
    return f"{meeting.round.code} {meeting.number}"


def _attending(meeting: Meeting, *, posted: bool = False) -> AttendForm:
    members = sorted(((each.person_id, each.person.name) for each in meeting.members), key=lambda each: each[1])
    present = [each.person_id for each in meeting.members if each.present]
    return attend_form(members, present, meeting.version, posted=posted)


def _places(
    agenda: list[tuple[Submission, Any, str]], meeting: Meeting | None
) -> list[tuple[Submission, str, int | None]]:
    """Each bid with why and its place: on a new day those that ask for a talk, in the order of the agenda."""
    if meeting is None:
        chosen = [bid.id for bid, part, _why in agenda if part != "rest"]
    else:
        seen = {bid.id for bid, _part, _why in agenda}
        chosen = [each.submission_id for each in meeting.items if each.submission_id in seen]
    places = {key: place for place, key in enumerate(chosen, start=1)}
    return [(bid, why, places.get(bid.id)) for bid, _part, why in agenda]


def _said(form: PageForm) -> convening.Said:
    names = ("name", "held_on", "chair", "deputy", "members", "quorum", "minutes_a_bid")
    return convening.Said(*(form[each].data for each in names))
