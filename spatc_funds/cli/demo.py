"""The demo world: plainly invented groups, made through the same operations as everything else.

It is deterministic for a given day: every date is counted from it. It refuses to load in production.
"""

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select

from spatc_funds.accounts.models import Organisation, Person
from spatc_funds.accounts.operations import create_organisation, create_person
from spatc_funds.applications import operations as applying
from spatc_funds.applications import sending
from spatc_funds.applications.models import Application
from spatc_funds.applications.queries import by_reference, submission_by_reference
from spatc_funds.assessment import assurances, assuring, convening, interests, meetings, moderating, settling
from spatc_funds.assessment import operations as assessing
from spatc_funds.assessment.diligence import expiry
from spatc_funds.assessment.models import InterestKind, Meeting, Outcome
from spatc_funds.assessment.queries import actor_of
from spatc_funds.awards import operations as awarding
from spatc_funds.awards import queries as award_queries
from spatc_funds.awards.models import Award
from spatc_funds.cli.loading import read
from spatc_funds.core.clock import london_day
from spatc_funds.core.money import split_pence
from spatc_funds.core.periods import add_months
from spatc_funds.core.places import DISTRICTS
from spatc_funds.correspondence.operations import answer_message, write_message
from spatc_funds.db.base import db
from spatc_funds.db.digest import content_hash
from spatc_funds.db.session import Act, unit_of_work
from spatc_funds.framework import editing, importing
from spatc_funds.framework.models import ImportKind, Measure
from spatc_funds.framework.observed import THOUSAND, Observed, month
from spatc_funds.framework.plan_parts import stamp_of_mapping
from spatc_funds.framework.queries import current_plan, indicators_by_key
from spatc_funds.funds.models import RoundKind
from spatc_funds.funds.operations import load_rounds
from spatc_funds.funds.queries import round_by_code
from spatc_funds.impact import operations as impacting
from spatc_funds.impact.queries import Filters
from spatc_funds.payments import operations as paying
from spatc_funds.payments import queries as payment_queries
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Person as Actor
from spatc_funds.policy.permissions import Subject
from spatc_funds.policy.roles import Role
from spatc_funds.publishing import operations as publishing
from spatc_funds.publishing.reporting import report_of
from spatc_funds.returns import operations as reporting
from spatc_funds.returns import overseeing, reviewing
from spatc_funds.returns import queries as return_queries
from spatc_funds.returns.adding import add_file, ready
from spatc_funds.returns.models import Colour, ValueState
from spatc_funds.returns.queries import Owed, owed

PASSWORD = "example-password-1"  # noqa: S105  # public on purpose: it opens invented groups only
FEEDBACK = "Example feedback: thank you. The numbers are clear, and the story says what changed."
PAIRS = ("assessor", "finance officer")  # acts that take two people
PANEL_DAY = ("one-second", "say-something-kind")  # the applications that are talked about on it, by key
EXAMPLE_INDICATORS = ("anti-social-behaviour", "neighbourhood-crime")
EXAMPLE_MONTHS = 13
REPORT_WORDS = {
    "summary": "the groups of this report are invented, so none of it happened.\n\nIt shows what one looks like.",
    "theme-road-safety": "one group taught young people to cross the road.",
    "beside-indicators": "these figures are made up, and go down by one each month.",
    "next": "the next report is started from this one.",
}
EXAMPLE_PLAN = "Example draft of a next plan"
DATA = Path(__file__).parent / "data"
Spec = Mapping[str, Any]

# How far each story goes, and how many days before today it began.
BEGAN = {
    "draft-started": 6,
    "draft-ready": 9,
    "submitted": 12,
    "sent-again": 15,
    "withdrawn": 40,
    "assessing": 30,
    "assessed": 45,
    "recommended": 60,
    "declined": 90,
    "offered": 50,
    "accepted-nothing-due": 70,
    "paid-first": 120,
    "late-return": 320,
    "zero-of-fifty": 325,
    "corrected-return": 322,
}
SENT, SCORED, ADVISED, DECIDED, ACCEPTED, STARTED, REPORTED, MENDED = 5, 20, 30, 42, 46, 70, 270, 285


@dataclass(frozen=True, slots=True)
class SignIn:
    """One line of the demo's sign-in list."""

    role: str
    email: str


def content() -> Spec:
    """The invented people, and one application for each story."""
    found: Spec = json.loads((DATA / "demo.json").read_text(encoding="utf-8"))
    return found


def wider() -> list[Spec]:
    """More applications, each with its story; ``began`` is how many days before today it did, where not as usual."""
    found: list[Spec] = json.loads((DATA / "demo_wider.json").read_text(encoding="utf-8"))
    return found


def sign_ins() -> list[SignIn]:
    """One sign-in for each role: a group that applies, a group that reports, and each role on the staff."""
    told = content()
    leads = {each["story"]: each["lead"]["email"] for each in told["applications"]}
    found = [
        SignIn("applicant, a draft to send", leads["draft-ready"]),
        SignIn("applicant, sent again and opened to change", leads["sent-again"]),
        SignIn("applicant, an offer to accept", leads["offered"]),
        SignIn("grantee, a return to send", leads["late-return"]),
    ]
    seen: set[str] = set()
    for each in told["people"]:
        new = [role for role in each["roles"] if role not in seen]
        seen.update(new)
        found += [SignIn(role, each["email"]) for role in new]
    assessors, finance = ([each["email"] for each in told["people"] if role in each["roles"]] for role in PAIRS)
    return [*found, SignIn("assessor, a bid to score", assessors[1]), SignIn("finance, who approves", finance[1])]


class DemoWorld:
    """Tells each story through the operations, as the people of the demo."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.told = content()
        self.specs: dict[str, Spec] = {each["story"]: each for each in self.told["applications"]}

    def at(self, spec: Spec, after: int) -> datetime:
        """The moment so many days after the story began: ten in the morning UTC."""
        day = self.today - timedelta(days=spec.get("began", BEGAN[spec["story"]]) - after)
        return datetime.combine(day, time(10), UTC)

    def begin(self) -> None:
        """The example rounds and the staff; what is there already is left."""
        rounds = [each for each in read("funds.json")["rounds"] if each["kind"] == RoundKind.EXAMPLE]
        with unit_of_work(None, Action.FUND_LOAD, "example rounds"):
            load_rounds(rounds, self.today)
        for each in self.told["people"]:
            with unit_of_work(None, Action.PERSON_CREATE, each["key"]):
                create_person(each["email"], each["name"], PASSWORD, [Role(role) for role in each["roles"]])

    def tell(self, story: str, spec: Spec | None = None) -> str:
        """One application as far as its story goes; its reference."""
        spec = spec or self.specs[story]
        reference = self.start(spec)
        for step in self.steps(story):
            step(spec, reference)
        return reference

    def steps(self, story: str) -> Sequence[Callable[[Spec, str], None]]:
        """What happens in a story after the start, in order."""
        steps = {
            "draft-started": (self.half_fill,),
            "draft-ready": (self.fill,),
            "submitted": (self.fill, self.send),
            "sent-again": (self.fill, self.shorten, self.send, self.reopen, self.lengthen, self.resend, self.reopen),
            "withdrawn": (self.fill, self.send, self.withdraw),
            "assessing": (self.fill, self.send, self.allocate, self.score),
            "assessed": (self.fill, self.send, self.allocate, self.score, self.settle, self.compare),
        }
        decided = (self.fill, self.send, self.allocate, self.score, self.settle, self.assure, self.recommend)
        later = {
            "recommended": (*decided, self.label, self.write_message, self.ask),
            "declined": (*decided, self.decline),
            "offered": (*decided, self.award),
            "accepted-nothing-due": (*decided, self.award, self.accept),
        }
        paid = (*decided, self.award, self.accept, self.meet_gates, self.request_first, self.pay_first)
        reported = {
            "paid-first": paid,
            "late-return": (*paid, self.begin_return),
            "zero-of-fifty": (*paid, self.report),
            "corrected-return": (*paid, self.report, self.correct),
        }
        return {**steps, **later, **reported}[story]

    def observe(self) -> None:
        """Example figures of two indicators, and a month for which no new data was published."""
        with self.acting(Role.ANALYST, Action.INDICATOR_IMPORT, "example figures") as (actor, _):
            brought = example_figures(self.today)
            importing.import_figures(
                actor, brought, importing.digest(importing.difference(brought)), self.on_the_day(0)
            )
        with self.acting(Role.ANALYST, Action.INDICATOR_OBSERVE, EXAMPLE_INDICATORS[0]) as (actor, _):
            first, last = months_before(self.today, EXAMPLE_MONTHS)[-1]
            indicator = indicators_by_key()[EXAMPLE_INDICATORS[0]]
            importing.observe(actor, indicator, list(DISTRICTS), first, last)

    def plan_ahead(self) -> None:
        """A draft of a next plan, as a copy of the current one: every theme becomes the one of the same key."""
        with self.acting(Role.PROGRAMME_OFFICER, Action.PLAN_EDIT, "example plan") as (actor, _):
            current = current_plan()
            draft = editing.create_plan(actor, EXAMPLE_PLAN, current)
            if current is not None:
                stamp = stamp_of_mapping(current, draft, "theme", "road-safety")
                editing.map_part(actor, current, draft, "theme", "road-safety", {"road-safety": 100}, stamp)

    # people -----------------------------------------------------------------------------------------------------

    def staff(self, key: str) -> Person:
        """A person on the staff by their key in the file."""
        email = next(each["email"] for each in self.told["people"] if each["key"] == key)
        return db.session.scalars(select(Person).where(Person.email == email)).one()

    def by_role(self, role: Role, number: int = 0) -> Person:
        """The first, second … person of a role, in the order of the file."""
        emails = [each["email"] for each in self.told["people"] if role.value in each["roles"]]
        return db.session.scalars(select(Person).where(Person.email == emails[number])).one()

    def lead(self, spec: Spec) -> Person:
        """Whoever leads the group of a story."""
        return db.session.scalars(select(Person).where(Person.email == spec["lead"]["email"])).one()

    def actor(self, person: Person) -> Actor:
        """The person as the law sees them now."""
        db.session.expire_all()
        return actor_of(person)

    # applying ---------------------------------------------------------------------------------------------------

    def start(self, spec: Spec) -> str:
        """The group, its lead, and a draft with its eligibility answered."""
        group = spec["organisation"]
        with unit_of_work(None, Action.PERSON_CREATE, spec["key"]):
            person = create_person(spec["lead"]["email"], spec["lead"]["name"], PASSWORD)
        with unit_of_work(person.id, Action.ORGANISATION_CREATE, group["name"][:80]):
            create_organisation(self.actor(person), group["name"], group["charity_number"], group["company_number"])
        with unit_of_work(person.id, Action.APPLICATION_START) as act:
            actor = self.actor(person)
            opened = round_by_code(spec["round"])
            organisation = db.session.get_one(Organisation, next(iter(actor.memberships)))
            if opened is None:
                raise LookupError(spec["round"])
            answers = {each.key: each.must_be for each in opened.eligibility}
            application = applying.start(actor, opened, organisation, answers, self.at(spec, 0))
            act.subject = application.reference
        return application.reference

    def half_fill(self, spec: Spec, reference: str) -> None:
        """A draft that was left in the middle."""
        with self.editing(spec, reference) as (actor, application):
            applying.save_group(actor, application, does(spec), spec["lead"]["name"], "", "")
            first = next(iter(spec["answers"]))
            applying.save_answers(actor, application, {first: spec["answers"][first]})

    def fill(self, spec: Spec, reference: str) -> None:
        """Every step filled in."""
        starts_on = london_day(self.at(spec, STARTED))
        with self.editing(spec, reference) as (actor, application):
            lead = spec["lead"]
            applying.save_group(actor, application, does(spec), lead["name"], "01632 960 001", lead["email"])
            ends_on = add_months(starts_on, spec["months"]) - timedelta(days=1)
            applying.save_project(actor, application, spec["title"], spec["summary"], starts_on, ends_on)
            areas = [area.id for area in application.round.areas if area.key in spec.get("areas", ())]
            applying.save_places(actor, application, spec["shares"], areas)
            if partners := spec.get("partners"):
                given = {place: applying.PartnerGiven(**each) for place, each in enumerate(partners, start=1)}
                applying.save_partners(actor, application, given)
            pot = next(pot for pot in application.round.pots if pot.key == spec["pot"])
            applying.save_budget(actor, application, pot, spec["lowest_workable_pence"])
            for line in spec["budget"]:
                applying.add_line(actor, application, line["description"], line["amount_pence"])
            applying.save_answers(actor, application, spec["answers"])
            own = {place: applying.OwnGiven(**each) for place, each in enumerate(spec.get("own", ()), start=1)}
            applying.save_promises(actor, application, promises(application, spec), own)
            applying.save_plan(actor, application, plan_choice(application, spec))

    def send(self, spec: Spec, reference: str) -> None:
        """Sent by the group's lead."""
        person = self.lead(spec)
        with unit_of_work(person.id, Action.APPLICATION_SUBMIT, reference):
            sending.submit(self.actor(person), draft(reference), person, self.at(spec, SENT))

    def shorten(self, spec: Spec, reference: str) -> None:
        """Its summary as it was sent first."""
        with self.editing(spec, reference) as (actor, application):
            days = (application.starts_on, application.ends_on)
            applying.save_project(actor, application, spec["title"], spec["first_summary"], *days)

    def lengthen(self, spec: Spec, reference: str) -> None:
        """Its summary as it was sent in the end."""
        with self.editing(spec, reference) as (actor, application):
            days = (application.starts_on, application.ends_on)
            applying.save_project(actor, application, spec["title"], spec["summary"], *days)

    def reopen(self, spec: Spec, reference: str) -> None:
        """Opened to be changed, two days after it was sent."""
        person = self.lead(spec)
        with unit_of_work(person.id, Action.APPLICATION_REOPEN, reference):
            sending.reopen(self.actor(person), draft(reference), self.at(spec, SENT + 2))

    def resend(self, spec: Spec, reference: str) -> None:
        """Sent again, a day after that."""
        person = self.lead(spec)
        with unit_of_work(person.id, Action.APPLICATION_SUBMIT, reference):
            sending.submit(self.actor(person), draft(reference), person, self.at(spec, SENT + 3))

    def withdraw(self, spec: Spec, reference: str) -> None:
        """Taken back a week later."""
        person = self.lead(spec)
        with unit_of_work(person.id, Action.APPLICATION_WITHDRAW, reference):
            sending.withdraw(self.actor(person), draft(reference), self.at(spec, SENT + 7))

    @contextmanager
    def editing(self, spec: Spec, reference: str) -> Iterator[tuple[Actor, Application]]:
        """One unit of work on a draft, as its lead."""
        person = self.lead(spec)
        with unit_of_work(person.id, Action.APPLICATION_EDIT, reference):
            yield self.actor(person), draft(reference)

    # assessing and deciding -------------------------------------------------------------------------------------

    def allocate(self, spec: Spec, reference: str) -> None:
        """Given to the first two assessors."""
        people = [self.by_role(Role.ASSESSOR, number) for number in range(2)]
        with self.acting(Role.PROGRAMME_OFFICER, Action.ASSESSMENT_ALLOCATE, reference) as (actor, _):
            assessing.allocate(actor, submission(reference), people, self.at(spec, SENT + 2))

    def score(self, spec: Spec, reference: str) -> None:
        """Each assessor who has scores in the file declares no interest, scores, and makes it final."""
        for number, scores in spec["scores"].items():
            place = int(number) - 1
            with self.acting(Role.ASSESSOR, Action.INTEREST_DECLARE, reference, place) as (actor, _):
                interests.declare(actor, submission(reference), InterestKind.NONE, "", self.at(spec, SENT + 3))
            with self.acting(Role.ASSESSOR, Action.ASSESSMENT_SCORE, reference, place) as (actor, _):
                given = {
                    key: assessing.Given(value, reason, feedback=told) for key, (value, reason, told) in scores.items()
                }
                assessing.save_scores(actor, submission(reference), given, self.at(spec, SCORED))
            with self.acting(Role.ASSESSOR, Action.ASSESSMENT_FINISH, reference, place) as (actor, _):
                assessing.finish(actor, submission(reference), self.at(spec, SCORED))

    def convene(self, spec: Spec, references: Sequence[str]) -> None:
        """A panel day of a story's round: everybody is there, the first bid is called up, minuted and moderated."""
        chair, deputy = self.by_role(Role.BOARD_MEMBER), self.by_role(Role.BOARD_MEMBER, 1)
        officers = [self.by_role(Role.PROGRAMME_OFFICER, number).id for number in range(2)]
        said = convening.Said("Example panel day", self.today, chair.id, deputy.id, officers, 3, 10)
        with self.acting(Role.PROGRAMME_OFFICER, Action.MEETING_SET, f"{spec['round']} 1") as (actor, _):
            bids = [submission(each) for each in references]
            convening.set_meeting(actor, bids[0].round, said, bids, [each.id for each in bids])
        with self.acting(Role.PROGRAMME_OFFICER, Action.MEETING_SET, f"{spec['round']} 1") as (actor, _):
            convening.attend(actor, self.day(spec), [chair.id, deputy.id, *officers])
        self.call(spec, references[0])
        with self.acting(Role.PROGRAMME_OFFICER, Action.MEETING_MINUTE, references[0]) as (actor, _):
            words = "Example minute: one assessor had read the plan as a wish. The panel agreed that it is a plan."
            convening.minute(actor, self.day(spec), submission(references[0]), words)
        with self.acting(Role.PROGRAMME_OFFICER, Action.SCORE_MODERATE, references[0]) as (actor, _):
            why = "Example reason: the dates and the partners are named, which one assessor had missed."
            at = self.on_the_day(5)
            moderating.moderate(actor, submission(references[0]), "activities", 4, why, at)

    def state(self) -> None:
        """A statement of what the told world comes to today."""
        with self.acting(Role.ANALYST, Action.STATEMENT_PUBLISH, "") as (actor, act):
            at = self.on_the_day(60)
            filters = Filters(as_at=self.today)
            act.subject = impacting.publish(
                actor, "Example statement", filters, impacting.reading_of(filters), at
            ).reference

    def report_to_readers(self) -> None:
        """A draft of a panel report, and a final one, of what the told world comes to today."""
        self.write_report("vision-zero-board", "Example report on road safety", 70)
        reference = self.write_report("police-and-crime-panel", "Example report on the whole plan", 80)
        with self.acting(Role.ANALYST, Action.REPORT_FINISH, reference) as (actor, _):
            seen = publishing.reading_of(report_of(reference))
            publishing.finish_report(actor, reference, seen, self.on_the_day(90))

    def write_report(self, reader: str, title: str, minute: int) -> str:
        """A draft of a panel report with its words; its reference."""
        with self.acting(Role.ANALYST, Action.REPORT_START, "") as (actor, act):
            made = publishing.start_report(actor, reader, title, self.today, self.on_the_day(minute))
            act.subject = reference = made.reference
        with self.acting(Role.ANALYST, Action.REPORT_EDIT, reference) as (actor, _):
            found = report_of(reference)
            words = {box: f"Example words: {text}" for box, text in REPORT_WORDS.items()}
            written = publishing.Written(title, self.today, found.themes, found.indicators, words)
            publishing.edit_report(actor, reference, written, publishing.stamp_of(found), self.on_the_day(minute + 1))
        return reference

    def call(self, spec: Spec, reference: str) -> None:
        """A bid called up on the panel day."""
        with self.acting(Role.PROGRAMME_OFFICER, Action.MEETING_CALL, reference) as (actor, _):
            day = self.day(spec)
            called = sum(each.called_at is not None for each in day.items)
            convening.call(actor, day, submission(reference), self.on_the_day(called * day.minutes_a_bid))

    def on_the_day(self, minutes: int) -> datetime:
        """So many minutes after ten in the morning UTC of today."""
        return datetime.combine(self.today, time(10), UTC) + timedelta(minutes=minutes)

    def day(self, spec: Spec) -> Meeting:
        """The round's first panel day."""
        found = meetings.meeting_of(spec["round"], 1)
        if found is None:
            raise LookupError(spec["round"])
        return found

    def settle(self, spec: Spec, reference: str) -> None:
        """The officer settles the result."""
        with self.acting(Role.PROGRAMME_OFFICER, Action.RESULT_SETTLE, reference) as (actor, _):
            settling.settle(actor, submission(reference), self.at(spec, SCORED + 2))

    def assure(self, spec: Spec, reference: str) -> None:
        """Every check passed, each until the day that the pot says; the place in the plan as the group proposed it."""
        at = self.at(spec, SCORED + 3)
        with self.acting(Role.PROGRAMME_OFFICER, Action.CHECK_RECORD, reference) as (actor, _):
            found = submission(reference)
            for check in assurances.checks_of(found):
                until = expiry(check, london_day(at))
                assuring.record(actor, found, assuring.Recorded(check.key, Outcome.PASSED, expires_on=until), at)
        with self.acting(Role.PROGRAMME_OFFICER, Action.TAGS_CONFIRM, reference) as (actor, _):
            found = submission(reference)
            assuring.confirm(actor, found, plan_choice(found.application, spec), "", at)

    def compare(self, spec: Spec, reference: str) -> None:
        """Compared with what others wrote."""
        with self.acting(Role.PROGRAMME_OFFICER, Action.TEXT_COMPARE, reference) as (actor, _):
            assuring.compare(actor, submission(reference), self.at(spec, SCORED + 3))

    def label(self, spec: Spec, reference: str) -> None:
        """An officer means to go there."""
        with self.acting(Role.PROGRAMME_OFFICER, Action.BID_TAG, reference) as (actor, _):
            assuring.tag(actor, [submission(reference)], "visit", self.at(spec, SCORED + 4))

    def recommend(self, spec: Spec, reference: str) -> None:
        """The board recommends."""
        with self.acting(Role.BOARD_MEMBER, Action.RECOMMENDATION_MAKE, reference) as (actor, _):
            amount = None if spec["story"] == "declined" else offered(spec)
            awarding.recommend(actor, bid(reference), amount, spec["recommendation_reason"], self.at(spec, ADVISED))

    def award(self, spec: Spec, reference: str) -> None:
        """The decision maker awards what was recommended."""
        with self.acting(Role.DECISION_MAKER, Action.DECISION_TAKE, reference) as (actor, _):
            awarding.decide(actor, bid(reference), offered(spec), spec["decision_reasons"], self.at(spec, DECIDED))

    def write_message(self, spec: Spec, reference: str) -> None:
        """The group's lead writes to the officers."""
        person, words = self.lead(spec), "Example question: can we move the start by two weeks?"
        with unit_of_work(person.id, Action.MESSAGE_WRITE, reference):
            about = Subject(reference, submission(reference).organisation_id)
            write_message(self.actor(person), about, words, "funding@example.org", self.at(spec, ADVISED))

    def ask(self, spec: Spec, reference: str) -> None:
        """An officer answers, and asks for something by a day."""
        words = "Example answer: yes. Who locks the hall in the evening?"
        with self.acting(Role.PROGRAMME_OFFICER, Action.MESSAGE_ANSWER, reference) as (actor, _):
            at = self.at(spec, ADVISED + 1)
            about = Subject(reference, submission(reference).organisation_id)
            answer_message(actor, about, words, f"/applications/{reference}/messages", at, self.today + timedelta(7))

    def decline(self, spec: Spec, reference: str) -> None:
        """The decision maker declines."""
        with self.acting(Role.DECISION_MAKER, Action.DECISION_TAKE, reference) as (actor, _):
            awarding.decide(actor, bid(reference), None, spec["decision_reasons"], self.at(spec, DECIDED))

    def accept(self, spec: Spec, reference: str) -> None:
        """The grantee signs."""
        person = self.lead(spec)
        with unit_of_work(person.id, Action.AWARD_ACCEPT, reference):
            found = grant(reference)
            awarding.accept(self.actor(person), found, spec["lead"]["name"], self.at(spec, ACCEPTED))

    # paying and reporting ---------------------------------------------------------------------------------------

    def meet_gates(self, spec: Spec, reference: str) -> None:
        """Every gate met; the bank details checked by another person than took the form."""
        for gate in grant(reference).pot.gates:  # type: ignore[union-attr] # the demo's awards have a pot
            maker = 1 if gate == "bank details checked" else 0
            with self.acting(Role.FINANCE_OFFICER, Action.GATE_MEET, reference, maker) as (actor, _):
                paying.meet_gate(actor, grant(reference), gate, "Example evidence, seen", self.at(spec, ACCEPTED + 3))

    def request_first(self, spec: Spec, reference: str) -> None:
        """The first instalment requested."""
        due_at = self.at(spec, STARTED + 1)
        with self.acting(Role.FINANCE_OFFICER, Action.PAYMENT_REQUEST, reference) as (actor, _):
            first = payment_queries.due(f"{reference}-P1", london_day(due_at))
            if first is None:
                raise LookupError(reference)
            paying.request(actor, first, due_at)

    def pay_first(self, spec: Spec, reference: str) -> None:
        """Approved by another person, and paid."""
        with self.acting(Role.FINANCE_OFFICER, Action.PAYMENT_APPROVE, reference, 1) as (actor, _):
            payment = payment_queries.payment_by_reference(f"{reference}-P1")
            if payment is None:
                raise LookupError(reference)
            paying.approve(actor, payment, self.at(spec, STARTED + 2))
        with self.acting(Role.FINANCE_OFFICER, Action.PAYMENT_PAY, reference, 1) as (actor, _):
            payment = payment_queries.payment_by_reference(f"{reference}-P1")
            if payment is None:
                raise LookupError(reference)
            paid_on = london_day(self.at(spec, STARTED + 5))
            paying.mark_paid(actor, payment, paid_on, f"EXAMPLE-{reference[-5:]}")

    def begin_return(self, spec: Spec, reference: str) -> None:
        """The first return typed and left unsent."""
        self.type_return(spec, reference, spec["returns"][0].get("values", {}))

    def report(self, spec: Spec, reference: str) -> None:
        """The first return sent and accepted."""
        told = spec["returns"][0]
        self.type_return(spec, reference, told.get("first") or told["values"])
        self.send_return(spec, reference, REPORTED)
        self.accept_return(spec, reference, REPORTED + 3)
        self.watch(spec, reference)

    def watch(self, spec: Spec, reference: str) -> None:
        """A visit, how the award stands, and the return's story as a case study."""
        at = self.at(spec, REPORTED + 4)
        with self.acting(Role.PROGRAMME_OFFICER, Action.VISIT_RECORD, reference) as (actor, _):
            seen = "Example visit: twelve people came, and two of them had brought a neighbour."
            overseeing.record(actor, grant(reference), london_day(at), "The lead and an officer", seen, "", at)
        with self.acting(Role.PROGRAMME_OFFICER, Action.AWARD_RATE, reference) as (actor, _):
            overseeing.rate(actor, grant(reference), Colour.AMBER, "Example reason: half way, with little spent.", at)
        with self.acting(Role.PROGRAMME_OFFICER, Action.CASE_CHOOSE, reference) as (actor, _):
            overseeing.choose(actor, monitoring(reference), overseeing.STORY, f"Example: {spec['title']}"[:120], at)

    def correct(self, spec: Spec, reference: str) -> None:
        """Opened again by the officer, mended by the grantee, accepted as a version that replaces the first."""
        told = spec["returns"][0]
        with self.acting(Role.PROGRAMME_OFFICER, Action.RETURN_REOPEN, reference) as (actor, act):
            act.reason = told["sent_back_reason"]
            reviewing.reopen(actor, monitoring(reference), told["sent_back_reason"], self.at(spec, REPORTED + 6))
        self.type_return(spec, reference, told["corrected"])
        self.send_return(spec, reference, MENDED)
        self.accept_return(spec, reference, MENDED + 3)

    def type_return(self, spec: Spec, reference: str, values: Mapping[str, Any]) -> None:
        """What the grantee types."""
        told, person = spec["returns"][0], self.lead(spec)
        measures = {measure.key: measure.id for measure in db.session.scalars(select(Measure))}
        own = f"own-{reference.lower()}-"
        measures |= {key.replace(own, "own-"): number for key, number in measures.items() if key.startswith(own)}
        said = {
            measures[key]: reporting.Reported(ValueState.REPORTED, value, value_of)
            for key, (value, value_of) in values.items()
        }
        with unit_of_work(person.id, Action.RETURN_EDIT, reference):
            told_us = said, told["story"], told["spent_pence"]
            reporting.save(self.actor(person), monitoring(reference), *told_us, may_publish=True)
            found = monitoring(reference)
            reporting.save_lines(self.actor(person), found, spent_on(found, told["spent_pence"]))
            reporting.save_splits(self.actor(person), found, parted(found))
            if found.started and not found.started.files:
                shown = ready(picture(spec["key"]))
                caption, at = "Example picture: lamps along a path", self.at(spec, REPORTED)
                add_file(self.actor(person), found, shown, caption, at, all_agreed=True, nameless=True)

    def send_return(self, spec: Spec, reference: str, after: int = REPORTED) -> None:
        """Sent by the grantee."""
        person = self.lead(spec)
        with unit_of_work(person.id, Action.RETURN_SEND, reference):
            reporting.send(self.actor(person), monitoring(reference), self.at(spec, after))

    def accept_return(self, spec: Spec, reference: str, after: int) -> None:
        """Accepted by the officer."""
        with self.acting(Role.PROGRAMME_OFFICER, Action.RETURN_ACCEPT, reference) as (actor, _):
            reviewing.accept(actor, monitoring(reference), FEEDBACK, self.at(spec, after))

    @contextmanager
    def acting(self, role: Role, action: Action, reference: str, number: int = 0) -> Iterator[tuple[Actor, Act]]:
        """One unit of work as a person of the staff."""
        person = self.by_role(role, number)
        with unit_of_work(person.id, action, reference) as act:
            yield self.actor(person), act


def does(spec: Spec) -> str:
    """What the group of a story says it does."""
    return f"{spec['organisation']['name']} is an invented group. It runs projects that help people feel safe."


def offered(spec: Spec) -> int:
    """What is awarded in a story: the part where the file names one, else all that was asked."""
    part: int | None = spec.get("part_award_pence")
    return part or sum(line["amount_pence"] for line in spec["budget"])


def draft(reference: str) -> Application:
    """An application that has to be there."""
    found = by_reference(reference)
    if found is None:
        raise LookupError(reference)
    return found


def submission(reference: str) -> Any:
    """A submission that has to be there."""
    return submission_by_reference(reference)


def bid(reference: str) -> Any:
    """A bid that has to be there."""
    return award_queries.bid(reference)


def grant(reference: str) -> Award:
    """An award that has to be there."""
    found = award_queries.award_by_reference(reference)
    if found is None:
        raise LookupError(reference)
    return found


def monitoring(reference: str) -> Any:
    """The first return of an award."""
    return owed(f"{reference}-R1")


def picture(key: str) -> bytes:
    """A small drawing that stands for a story's photograph; another one for each story."""
    drawn = Image.new("RGB", (480, 320), (47, 22, 80))
    pen = ImageDraw.Draw(drawn)
    for place, letter in enumerate(key[:12]):
        left, high = 20 + place * 38, 60 + ord(letter) % 40 * 4
        pen.ellipse((left, high, left + 30, high + 30), fill=(127, 214, 207))
        pen.line((left + 15, high + 30, left + 15, 320), fill=(255, 255, 255), width=4)
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


def spent_on(found: Owed, spent_pence: int) -> dict[int, tuple[int | None, str]]:
    """A story's spending by the lines of its budget, each in the share that was planned for it."""
    lines = {f"{line.number:04}": line.planned_pence for line in return_queries.spend_lines(found)}
    return {int(key): (pence, "") for key, pence in split_pence(spent_pence, lines).items()} if lines else {}


def parted(found: Owed) -> dict[tuple[int, str, str], int]:
    """Who a story's people were: by its districts' shares, half of them young, the rest not known."""
    shares = {share.district: share.percent for share in found.expected.award.shares}
    ids = {target.measure.key: target.measure_id for target in return_queries.targets(found)}
    said: dict[tuple[int, str, str], int] = {}
    for split in return_queries.splits(found):
        young = {"11-17": split.total // 2, "not-known": split.total - split.total // 2}
        parts = split_pence(split.total, shares) if split.kind == "district" else young
        said |= {(ids[split.measure], split.kind, part): number for part, number in parts.items()}
    return said


def promises(application: Application, spec: Spec) -> dict[int, tuple[int, int | None]]:
    """A story's targets by measure id."""
    measures = {measure.key: measure.id for measure in application.round.measures}
    return {measures[each["measure"]]: (each["target"], each["target_of"]) for each in spec["promises"]}


def plan_choice(application: Application, spec: Spec) -> applying.PlanChoice:
    """A story's place in the plan."""
    plan = application.round.plan
    if plan is None:
        raise LookupError(application.round.code)
    theme = next(each for each in plan.themes if each.key == spec["theme"])
    outcomes = {outcome.key: outcome.id for each in plan.themes for outcome in each.outcomes}
    crosses = {each.key: each for each in plan.cross_cutting_themes}
    return applying.PlanChoice(
        theme_id=theme.id,
        focus_area_id=next(area.id for area in theme.focus_areas if area.key == spec["focus_area"]),
        primary_outcome_id=outcomes[spec["primary_outcome"]] if spec["primary_outcome"] else None,
        no_specific_outcome=spec["primary_outcome"] is None,
        other_outcome_ids=[outcomes[key] for key in spec["other_outcomes"]],
        cross_cutting={
            crosses[each["theme"]].id: (
                next(item.id for item in crosses[each["theme"]].commitments if item.key == each["commitment"]),
                each["how"],
            )
            for each in spec["cross_cutting"]
        },
    )


def months_before(today: date, count: int) -> list[tuple[date, date]]:
    """The last so many whole months before a day, the oldest first."""
    firsts = [add_months(today.replace(day=1), number - count) for number in range(count)]
    return [month(first.year, first.month) for first in firsts]


def example_figures(today: date) -> importing.Brought:
    """Made-up monthly figures, plainly so: a round number for each district that falls by one each month.

    The first month is the baseline. The last one is left out for the first indicator: no new data is published for it.
    """
    observed = [
        Observed(key, area, *days, (100 + 10 * place + 5 * number - age) * THOUSAND, age == 0)
        for number, key in enumerate(EXAMPLE_INDICATORS)
        for place, area in enumerate(DISTRICTS)
        for age, days in enumerate(months_before(today, EXAMPLE_MONTHS)[: EXAMPLE_MONTHS - 1 + number])
    ]
    name, source = "example-figures.csv", "Made up to show the service"
    rows, sha256 = len(observed), content_hash({"rows": [str(each) for each in observed]})
    licence = "None: these are no real figures"
    kind = ImportKind.TEMPLATE
    return importing.Brought(kind, name, sha256, rows, source, today, licence, True, tuple(observed))


def load_demo(today: date) -> list[str]:
    """The whole demo world; the references of its applications, in the order of the file."""
    world = DemoWorld(today)
    world.begin()
    world.observe()
    world.plan_ahead()
    told = [*world.told["applications"], *wider()]
    found = [world.tell(each["story"], each) for each in told]
    specs, references = ({each["key"]: one for each, one in zip(told, many, strict=True)} for many in (told, found))
    world.convene(specs[PANEL_DAY[0]], [references[key] for key in PANEL_DAY])
    world.state()
    world.report_to_readers()
    return found
