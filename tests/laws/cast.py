"""The people that the laws are tried with, on every side of each bid, and the things they are tried on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from spatc_funds.accounts.models import Membership, Organisation, Person
from spatc_funds.accounts.operations import create_person
from spatc_funds.applications.models import Submission
from spatc_funds.assessment.interests import declare
from spatc_funds.assessment.models import Allocation, Assessment, Interest, InterestKind
from spatc_funds.assessment.queries import actor_of
from spatc_funds.audit.models import LogEntry, LogHead
from spatc_funds.awards.models import Award, Decision, ExpectedReturn, Instalment, Recommendation
from spatc_funds.cli.demo import BEGAN, PASSWORD, SCORED, DemoWorld, Spec, submission, wider
from spatc_funds.core import clock
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.payments.models import Payment
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import Person as Actor
from spatc_funds.policy.permissions import Subject
from spatc_funds.policy.roles import STAFF_ROLES, Role
from spatc_funds.returns.models import MonitoringReturn
from tests.builders import TOKEN, Browser
from tests.laws.copies import Copy

NOBODY = Actor(id=None)
LEAD = "lead"
# Somebody with every role that a bid meets on its way: the second assessor of every story.
BOTH = {"name": "Both Example", "email": "both@example.org", "key": "both"}
BOTH_ROLES = (Role.ASSESSOR, Role.BOARD_MEMBER, Role.DECISION_MAKER, Role.FINANCE_OFFICER)
# key → roles on the staff, part in every group that applies
EXTRA: Mapping[str, tuple[Sequence[Role], Role | None]] = {
    "reader": ((), Role.READER),
    "editor": ((), Role.EDITOR),
    "signatory": ((), Role.SIGNATORY),
    "other lead": ((), None),
    "barred": ((Role.ASSESSOR, Role.PROGRAMME_OFFICER, Role.BOARD_MEMBER, Role.DECISION_MAKER), None),
    "insider": (tuple(role for role in STAFF_ROLES if role is not Role.ADMINISTRATOR), Role.READER),
    "everything": (STAFF_ROLES, None),
    "deactivated": (STAFF_ROLES, None),
}
STAFF = {
    "assessor": (Role.ASSESSOR, 0),
    "assessor not allocated": (Role.ASSESSOR, 3),
    "programme officer": (Role.PROGRAMME_OFFICER, 0),
    "board member": (Role.BOARD_MEMBER, 0),
    "decision maker": (Role.DECISION_MAKER, 0),
    "finance officer": (Role.FINANCE_OFFICER, 0),
    "second finance officer": (Role.FINANCE_OFFICER, 1),
    "analyst": (Role.ANALYST, 0),
    "auditor": (Role.AUDITOR, 0),
    "administrator": (Role.ADMINISTRATOR, 0),
}
# The parts of a story that people type.
TYPED = {"name", "title", "summary", "answers", "description", "how", "scores", "returns: story"}
TYPED |= {"first_summary", "recommendation_reason", "decision_reasons", "sent_back_reason"}
PLAYERS = ("signed out", LEAD, *EXTRA, "both", *STAFF)


@dataclass(frozen=True, slots=True)
class Player:
    """One person with the session they signed in with."""

    key: str
    person_id: int | None
    cookie: str
    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``code`` is 599 where the request raised."""

    code: int
    location: str
    text: str
    response: TestResponse | None


class Cast:
    """Every story told, everybody signed in."""

    copy: Copy

    def __init__(self, app: Flask, taint: str = "") -> None:
        """With a taint, everything that people may type in the stories begins with it."""
        self.app = app
        self.taint = taint
        self.told: dict[str, str] = {}
        self.organisations: dict[str, int] = {}
        self.hands: dict[str, dict[Action, frozenset[int]]] = {}
        self.people: dict[str, Player] = {}
        self.leads: dict[str, Player] = {}
        with app.app_context():
            self._tell()
            self._extra()
        self._sign_in()
        with app.app_context():
            self._deactivate()
            self.actors = {key: self._actor(player) for key, player in self.people.items()}
            self.lead_actors = {story: self._actor(player) for story, player in self.leads.items()}

    def restore(self) -> None:
        """The world as it was told."""
        self.copy.restore()

    def player(self, key: str, story: str | None) -> Player:
        """The player; the lead is the one of the story's own group."""
        return self.leads[story or "draft-ready"] if key == LEAD else self.people[key]

    def actor(self, key: str, story: str | None) -> Actor:
        """The player as the law sees them."""
        return self.lead_actors[story or "draft-ready"] if key == LEAD else self.actors[key]

    def subject(self, story: str, *, panel: bool) -> Subject:
        """A story's bid as the law sees it; in the panel one acts as staff, and one's own group opens nothing."""
        return Subject(self.told[story], None if panel else self.organisations[story], self.hands[story])

    def ask(self, player: Player, method: str, address: str, data: Mapping[str, Any] | None = None) -> Answer:
        """One request in the player's session as it was when they signed in; a POST carries their token."""
        sent = {"csrf_token": player.token, **(data or {})} if method == "POST" else None
        try:
            response = self.browser(player).open(address, method=method, data=sent)
        except Exception as error:  # noqa: BLE001 # testing lets every error through: here it is an answer
            return Answer(599, "", repr(error), None)
        text = response.text if response.is_json or (response.mimetype or "").startswith("text/") else ""
        return Answer(response.status_code, response.headers.get("Location", ""), text, response)

    def browser(self, player: Player) -> Browser:
        """A new browser with the player's session."""
        client = self.app.test_client()
        assert isinstance(client, Browser)
        client.set_cookie("session", player.cookie)
        return client

    def log_head(self) -> int:
        """The number of the last log entry."""
        with self.app.app_context(), db.engine.connect() as connection:
            return connection.execute(select(LogHead.last_id)).scalar_one()

    def acts_after(self, head: int) -> list[str]:
        """The acts of the log entries after one."""
        with self.app.app_context(), db.engine.connect() as connection:
            return list(connection.scalars(select(LogEntry.action).where(LogEntry.id > head).order_by(LogEntry.id)))

    # -- making it -----------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        world = DemoWorld(date.today())  # noqa: DTZ011 # stories are counted from the day of the test
        assessors = [each for each in world.told["people"] if "assessor" in each["roles"]]
        others = [each for each in world.told["people"] if each not in assessors]
        with unit_of_work(None, Action.PERSON_CREATE, "both"):
            create_person(BOTH["email"], BOTH["name"], PASSWORD, BOTH_ROLES)
        people = [assessors[0], *others, {**BOTH, "roles": BOTH_ROLES}, *assessors[1:]]
        world.told = {**world.told, "people": people}
        world.specs = {story: tainted(spec, self.taint) for story, spec in world.specs.items()}
        self.demo = world
        world.observe()
        world.plan_ahead()
        for story in BEGAN:
            self.told[story] = world.tell(story)
        self._tell_more(world)
        self._remember()

    def _tell_more(self, world: DemoWorld) -> None:
        """What the demo shows done, in the middle of it: a bid to score, a payment to approve, a return to read."""
        steps = {
            "half-scored": ("planters-at-home-time", (*world.steps("assessing"), self._declare)),
            "apart": ("one-second", world.steps("assessing")),
            "requested-payment": ("paid-first", world.steps("paid-first")[:-1]),
            "sent-return": ("late-return", (*world.steps("late-return"), world.send_return)),
        }
        for story, (base, acts) in steps.items():
            spec = tainted(next(each for each in wider() if base in {each["key"], each["story"]}), self.taint)
            world.specs[story] = spec
            self.told[story] = world.start(spec)
            for act in acts:
                act(spec, self.told[story])
        agenda = [self.told[story] for story in ("apart", "assessing", "assessed")]
        world.convene(world.specs["apart"], agenda)
        world.call(world.specs["apart"], agenda[1])
        world.state()
        world.report_to_readers()

    def _declare(self, spec: Spec, reference: str) -> None:
        """The second assessor may score it from now on."""
        with self.demo.acting(Role.ASSESSOR, Action.INTEREST_DECLARE, reference, 1) as (actor, _):
            declare(actor, submission(reference), InterestKind.NONE, "", self.demo.at(spec, SCORED))

    def _remember(self) -> None:
        """Whose each story's bid is, and who did what to it, read from the tables and not by the rooms' queries."""
        for story, reference in self.told.items():
            email = self.demo.specs[story]["lead"]["email"]
            self.organisations[story] = db.session.scalars(
                select(Membership.organisation_id)
                .join(Person, Person.id == Membership.person_id)
                .where(Person.email == email)
            ).one()
            bid = select(func.max(Submission.id)).where(Submission.reference == reference).scalar_subquery()
            paid = select(Payment.requested_by_id).join(Instalment).join(Award).where(Award.reference == reference)
            sent = (
                select(MonitoringReturn.sent_by_id)
                .join(ExpectedReturn, ExpectedReturn.id == MonitoringReturn.expected_id)
                .join(Award, Award.id == ExpectedReturn.award_id)
                .where(Award.reference == reference)
            )
            hands = {
                Action.ASSESSMENT_SCORE: select(Assessment.person_id).where(Assessment.submission_id == bid),
                Action.RECOMMENDATION_MAKE: select(Recommendation.made_by_id).where(
                    Recommendation.submission_id == bid
                ),
                Action.DECISION_TAKE: select(Decision.decided_by_id).where(Decision.submission_id == bid),
                Action.PAYMENT_REQUEST: paid,
                Action.RETURN_SEND: sent,
            }
            self.hands[story] = {
                action: frozenset(each for each in db.session.scalars(query) if each is not None)
                for action, query in hands.items()
            }

    def _extra(self) -> None:
        with unit_of_work(None, Action.PERSON_CREATE, "the laws' people"):
            for key, (roles, part) in EXTRA.items():
                person = create_person(email_of(key), key.capitalize(), PASSWORD, roles)
                if part is not None:
                    everywhere = self.organisations.values()
                    db.session.add_all(
                        Membership(organisation_id=each, person_id=person.id, role=part) for each in everywhere
                    )
            elsewhere = Organisation(name="Another group", name_folded="another group")
            db.session.add(elsewhere)
            db.session.flush()
            lead = db.session.scalars(select(Person).where(Person.email == email_of("other lead"))).one()
            db.session.add(Membership(organisation_id=elsewhere.id, person_id=lead.id, role=Role.LEAD))
            self._bar()

    def _bar(self) -> None:
        person = db.session.scalars(select(Person).where(Person.email == email_of("barred"))).one()
        at = clock.now()
        for each in db.session.scalars(select(Submission)):
            db.session.add(Allocation(submission_id=each.id, person_id=person.id, allocated_at=at))
            db.session.add(
                Interest(
                    submission_id=each.id,
                    person_id=person.id,
                    kind=InterestKind.PREJUDICIAL,
                    note="A cousin leads it",
                    declared_at=at,
                )
            )

    def _sign_in(self) -> None:
        self.people["signed out"] = self._session("signed out", None)
        for key in EXTRA:
            self.people[key] = self._session(key, email_of(key))
        self.people["both"] = self._session("both", BOTH["email"])
        for key, (role, number) in STAFF.items():
            emails = [each["email"] for each in self.demo.told["people"] if role in each["roles"]]
            self.people[key] = self._session(key, emails[number])
        for story, spec in self.demo.specs.items():
            self.leads[story] = self._session(LEAD, spec["lead"]["email"])

    def _session(self, key: str, email: str | None) -> Player:
        client = self.app.test_client()
        assert isinstance(client, Browser)
        if email is not None:
            answer = client.send("/sign-in", {"email": email, "password": PASSWORD})
            assert answer.status_code == 303, (key, answer.status_code)
        found = TOKEN.search(client.get("/help-and-support" if email else "/sign-in").text)
        cookie = client.get_cookie("session")
        assert found
        assert cookie
        with self.app.app_context():
            person_id = db.session.scalar(select(Person.id).where(Person.email == email)) if email else None
        return Player(key, person_id, cookie.value, found[1])

    def _deactivate(self) -> None:
        with unit_of_work(None, Action.PERSON_CREATE, "deactivated"):
            db.session.scalars(select(Person).where(Person.email == email_of("deactivated"))).one().active = False

    def _actor(self, player: Player) -> Actor:
        if player.person_id is None:
            return NOBODY
        person = db.session.get_one(Person, player.person_id)
        return actor_of(person) if person.active else NOBODY


def tainted(value: Any, taint: str, name: str = "") -> Any:
    """A story with every text that somebody typed begun with the taint; keys, numbers and addresses are left."""
    if not taint:
        return value
    if isinstance(value, dict):
        inside = name if name in TYPED else ""
        named = {key: "returns: story" if (name, key) == ("returns", "story") else key for key in value}
        return {key: tainted(each, taint, inside or named[key]) for key, each in value.items()}
    if isinstance(value, list):
        return [tainted(each, taint, name) for each in value]
    return f"{taint} {value}" if isinstance(value, str) and name in TYPED else value


def email_of(key: str) -> str:
    """The address of one of the laws' own people."""
    return f"{key.replace(' ', '.')}@laws.example.org"
