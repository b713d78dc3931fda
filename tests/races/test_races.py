"""Many people at once at the running server: one submission, one award a bid, one approval, and never over the pot.

What each test rests on is taken out by a planted break (``mutants.toml``), and the test then fails.
"""

import random
import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select, update

from benchmarks.copies import copy_applications
from spatc_funds.applications.models import Answer, Application, Submission
from spatc_funds.applications.queries import by_reference
from spatc_funds.assessment.models import Allocation, Assessment
from spatc_funds.audit.models import LogEntry
from spatc_funds.audit.queries import verify
from spatc_funds.awards.models import Award
from spatc_funds.correspondence.models import Letter
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.funds.models import Pot
from spatc_funds.outbox.models import OutboxMessage
from spatc_funds.payments.models import Payment
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from spatc_funds.policy.states import AssessmentState, PaymentState
from tests.builders import World
from tests.clients import Client, Reply
from tests.journeys.serving import Site
from tests.racing import leads, together

Serve = Callable[[], Site]
SUBMISSIONS, DECISIONS, ROOM, APPROVALS, WRITERS, ROUNDS = 50, 40, 5, 20, 8, 15
INTERLEAVINGS, SEED = 200, 20261123
STAMP = re.compile(r'name="stamp"[^>]*value="([^"]+)"')
DECIDED = {"award": "yes", "reasons": "It will contribute to safer streets."}


def entries(action: Action, subject: str) -> int:
    """How many log entries there are of an act on a thing."""
    found = select(func.count()).where(LogEntry.action == action, LogEntry.subject == subject)
    return db.session.scalar(found) or 0


def counts(*replies: Reply) -> dict[int, int]:
    """How often each status came."""
    found = [reply.status for reply in replies]
    return {status: found.count(status) for status in sorted(set(found))}


def several(client: Client, number: int) -> list[Client]:
    """The same session over so many connections."""
    return [client.again() for _ in range(number)]


def test_one_application_sent_many_times_at_once_is_one_submission(app: Flask, world: World, serve: Serve) -> None:
    reference = world.ready()
    lead = Client(serve().address).sign_in(world.lead("draft-ready"))
    sent = {"agreed": "y"}
    jobs = [lambda one=one: one.post(f"/applications/{reference}/submit", sent) for one in several(lead, SUBMISSIONS)]
    replies = together(*jobs)
    assert counts(*replies) == {303: SUBMISSIONS}, replies[0].text
    assert {reply.location for reply in replies} == {f"/applications/{reference}/sent"}
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Submission)) == 1
        assert db.session.scalar(select(func.count()).where(Letter.about == reference)) == 1
        assert db.session.scalar(select(func.count()).where(OutboxMessage.key == f"receipt:{reference}:1")) == 1
        assert entries(Action.APPLICATION_SUBMIT, reference) == 1
        assert verify().faults == ()


def test_sent_again_many_times_at_once_is_one_further_version(app: Flask, world: World, serve: Serve) -> None:
    """And whoever gives it to an assessor at the same moment gives what stands, or is told to wait."""
    reference = world.tell("sent-again")
    with app.app_context():
        with unit_of_work(None, Action.APPLICATION_EDIT, reference):
            found = by_reference(reference)
            assert found
            found.title = "Another name"
        assessor = world.demo.by_role(Role.ASSESSOR, 0).id
        db.session.remove()
    address = serve().address
    lead = Client(address).sign_in(world.lead("sent-again"))
    officer = Client(address).sign_in(world.person("programme officer"))
    page, given = f"/admin/assessment/{reference}/allocate", {"people": str(assessor)}
    sends = [
        lambda one=one: one.post(f"/applications/{reference}/submit", {"agreed": "y"}) for one in several(lead, 12)
    ]
    gives = [lambda one=one: one.post(page, given) for one in several(officer, 4)]
    replies = together(*sends, *gives)
    assert set(counts(*replies)) <= {303, 409, 422}, counts(*replies)
    with app.app_context():
        numbers = db.session.scalars(select(Submission.number).where(Submission.reference == reference)).all()
        assert sorted(numbers) == [1, 2, 3]
        held = db.session.scalars(select(Allocation.submission_id)).all()
        last = db.session.scalar(select(Submission.id).where(Submission.reference == reference, Submission.number == 3))
        assert set(held) <= {last}
        assert db.session.scalar(select(func.count()).where(OutboxMessage.key == f"receipt:{reference}:3")) == 1
        assert verify().faults == ()


def test_awards_decided_at_once_never_pass_the_pots_limit(app: Flask, world: World, serve: Serve) -> None:
    first = world.recommended()
    with app.app_context():
        references = copy_applications([first], DECISIONS)
        asked, pot_id = db.session.execute(
            select(Submission.asked_pence, Submission.pot_id).where(Submission.reference == first)
        ).one()
        db.session.rollback()  # SQLite has one writer, and this session would be it
        budget = asked * ROOM + asked // 2
        with db.engine.begin() as connection:
            connection.execute(update(Pot).where(Pot.id == pot_id).values(budget_pence=budget, overcommitment_pence=0))
    maker = Client(serve().address).sign_in(world.person("decision maker"))
    typed = {**DECIDED, "amount": f"{asked / 100:.2f}"}
    jobs = [
        lambda one=one, reference=reference: one.post(f"/admin/decisions/{reference}/", typed)
        for one, reference in zip(several(maker, DECISIONS), references, strict=True)
    ]
    assert counts(*together(*jobs)) == {303: ROOM, 422: DECISIONS - ROOM}
    with app.app_context():
        pot = db.session.get_one(Pot, pot_id)
        awarded = db.session.scalar(select(func.sum(Award.amount_pence)).where(Award.pot_id == pot_id))
        assert awarded == pot.awarded_pence == asked * ROOM <= budget
        assert verify().faults == ()


def test_one_bid_decided_many_times_at_once_is_one_award(app: Flask, world: World, serve: Serve) -> None:
    reference = world.recommended()
    with app.app_context():
        asked, pot_id = db.session.execute(select(Submission.asked_pence, Submission.pot_id)).one()
    maker = Client(serve().address).sign_in(world.person("decision maker"))
    typed = {**DECIDED, "amount": f"{asked / 100:.2f}"}
    address = f"/admin/decisions/{reference}/"
    replies = together(*(lambda one=one: one.post(address, typed) for one in several(maker, APPROVALS)))
    assert counts(*replies) == {303: 1, 409: APPROVALS - 1}
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Award.reference == reference)) == 1
        assert db.session.get_one(Pot, pot_id).awarded_pence == asked
        assert entries(Action.DECISION_TAKE, reference) == 1


def test_one_payment_approved_many_times_at_once_is_approved_once(app: Flask, world: World, serve: Serve) -> None:
    demo, spec = world.demo, world.demo.specs["paid-first"]
    with app.app_context():
        reference = demo.start(spec)
        for step in demo.steps("paid-first")[:-1]:  # all but the approval, and what comes after it
            step(spec, reference)
    second = Client(serve().address).sign_in(world.person("finance officer", 1))
    address = f"/admin/payments/due/{reference}-P1/approve"
    replies = together(*(lambda one=one: one.post(address) for one in several(second, APPROVALS)))
    assert counts(*replies) == {303: 1, 409: APPROVALS - 1}
    with app.app_context():
        payment = db.session.scalars(select(Payment)).one()
        assert payment.state is PaymentState.APPROVED
        assert entries(Action.PAYMENT_APPROVE, reference) == 1


def test_windows_on_one_score_sheet_lose_nothing(app: Flask, world: World, serve: Serve) -> None:
    """Two windows at once, many times over: on one criterion or on two, each from a page loaded now or long ago.

    What was acknowledged stands, or was replaced by what was typed by somebody who had seen it; who is told that it was
    not saved is shown both.
    """
    reference, chance = world.assessing(), random.Random(SEED)
    one = Client(serve().address).sign_in(world.person("assessor", 1))
    windows = (one, one.again())
    assert one.post(f"/admin/assessment/{reference}/interest", {"kind": "none"}).status == 303
    keys = ("need", "reach")
    addresses = {key: f"/admin/assessment/{reference}/criteria/{key}/" for key in keys}
    old = {key: stamp_in(one.get(addresses[key])) for key in keys}
    stands = dict.fromkeys(keys, "")
    saved = 0
    for number in range(INTERLEAVINGS):
        now = {key: stamp_in(one.get(addresses[key])) for key in keys}
        jobs = [(chance.choice(keys), chance.random() < 0.3, f"window {side}, {number}") for side in (0, 1)]
        replies = together(
            *(
                lambda window=window, key=key, words=words, seen=old[key] if stale else now[key]: window.post(
                    addresses[key], {"value": "3", "reason": words, "feedback": "", "note": "", "stamp": seen}
                )
                for window, (key, stale, words) in zip(windows, jobs, strict=True)
            )
        )
        assert set(counts(*replies)) <= {303, 409}
        before = dict(stands)
        for key in keys:
            taken = [job[2] for job, reply in zip(jobs, replies, strict=True) if job[0] == key and reply.status == 303]
            assert len(taken) <= 1, "two that had seen the same were both saved"
            stands[key] = taken[0] if taken else stands[key]
            old[key] = now[key] if chance.random() < 0.5 else old[key]
            saved += len(taken)
        for (key, stale, words), reply in zip(jobs, replies, strict=True):
            shown = words in reply.text and (before[key] in reply.text or stands[key] in reply.text)
            assert reply.status == 303 or shown
            assert stale or reply.status == 303 or any(job[0] == key and job[2] != words for job in jobs)
        assert all(stands[key] in one.get(addresses[key]).text for key in keys)
    with app.app_context():
        assert entries(Action.ASSESSMENT_SCORE, reference) == saved + 1  # and the first assessor's own
    assert saved > INTERLEAVINGS


def test_two_windows_on_one_answer_lose_nothing(app: Flask, world: World, serve: Serve) -> None:
    """As for the sheet: what was typed in the window that came second is not saved, and not lost: both are shown."""
    reference = world.ready()
    one = Client(serve().address).sign_in(world.lead("draft-ready"))
    address, other = f"/applications/{reference}/questions/place", one.again()
    for number in range(ROUNDS):
        stamp = STAMP.search(one.get(address).text)
        assert stamp
        typed = [f"the {name} window, round {number}" for name in ("left", "right")]
        replies = together(
            lambda words=typed[0], seen=stamp[1]: one.post(address, {"q-place": words, "stamp": seen}),
            lambda words=typed[1], seen=stamp[1]: other.post(address, {"q-place": words, "stamp": seen}),
        )
        assert counts(*replies) == {303: 1, 409: 1}
        winner, loser = (0, 1) if replies[0].status == 303 else (1, 0)
        assert typed[winner] in one.get(address).text
        assert all(words in replies[loser].text for words in typed)


def test_two_scripts_that_save_at_once_lose_nothing(app: Flask, world: World, serve: Serve) -> None:
    """What two windows save while somebody types: one is taken, the other told that it was overtaken."""
    reference = world.ready()
    one = Client(serve().address).sign_in(world.lead("draft-ready"))
    address, other, said = f"/applications/{reference}/questions/place", one.again(), {"Accept": "application/json"}
    for number in range(ROUNDS):
        stamp = STAMP.search(one.get(address).text)
        assert stamp
        typed = [f"typed in the {name} window, {number}" for name in ("left", "right")]
        replies = together(
            lambda words=typed[0], seen=stamp[1]: one.post(address, {"q-place": words, "stamp": seen}, said),
            lambda words=typed[1], seen=stamp[1]: other.post(address, {"q-place": words, "stamp": seen}, said),
        )
        assert counts(*replies) == {200: 1, 409: 1}
        assert typed[0 if replies[0].status == 200 else 1] in one.get(address).text


def test_a_draft_deleted_in_one_window_is_missing_in_the_other(app: Flask, world: World, serve: Serve) -> None:
    """Nobody is told of a fault: the answer that comes second finds nothing to write to, and nothing is left."""
    reference = world.ready()
    one = Client(serve().address).sign_in(world.lead("draft-ready"))
    page, other = f"/applications/{reference}", one.again()
    replies = together(
        lambda: one.post(f"{page}/delete"),
        lambda: other.post(f"{page}/questions/place", {"q-place": "It is dark there."}),
    )
    assert replies[0].status == 303
    assert replies[1].status in {303, 404}, "saved before it was deleted, or gone"
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Application.reference == reference)) == 0
        assert verify().faults == ()


def test_nothing_is_changed_on_a_sheet_that_is_final(app: Flask, world: World, serve: Serve) -> None:
    reference = world.assessing()
    first = Client(serve().address).sign_in(world.person("assessor", 0))
    final = select(Assessment).where(Assessment.state == AssessmentState.FINAL)
    address, changed = f"/admin/assessment/{reference}/criteria/need/", {"value": "3", "reason": "changed"}
    jobs = [lambda one=one: one.post(address, changed) for one in several(first, WRITERS)]
    assert counts(*together(*jobs)) == {409: WRITERS}
    with app.app_context():
        assert "changed" not in {score.reason for score in db.session.scalars(final).one().scores}


def test_writers_with_readers_between_lose_nothing_and_are_never_told_to_wait(
    app: Flask, world: World, serve: Serve
) -> None:
    references = [world.ready()]
    with app.app_context():
        references += copy_applications(references, WRITERS - 1)
        emails = leads()
        before = db.session.scalar(select(func.count()).select_from(LogEntry)) or 0
    address = serve().address
    people = {reference: Client(address).sign_in(emails[reference]) for reference in references}

    def write(reference: str) -> Reply:
        """Save, look, save, look …; what is looked at is what was saved last."""
        me, path, replies = people[reference], f"/applications/{reference}/questions/place", []
        for number in range(ROUNDS):
            words = f"{reference} wrote this as number {number}."
            replies.append(me.post(path, {"q-place": words}))
            assert replies[-1].status == 303, replies[-1].text
            assert words in me.get(path).text
            replies += [me.get("/home"), me.get("/plan")]
        return max(replies, key=lambda reply: reply.status)

    replies = together(*(lambda reference=reference: write(reference) for reference in references))
    assert counts(*replies) == {303: WRITERS}
    with app.app_context():
        found = db.session.execute(
            select(Application.reference, Answer.text).join(Answer).where(Answer.text.contains("wrote this"))
        )
        assert dict(found.all()) == {each: f"{each} wrote this as number {ROUNDS - 1}." for each in references}
        after = db.session.scalar(select(func.count()).select_from(LogEntry)) or 0
        assert after - before == WRITERS * ROUNDS
        assert verify().faults == ()


def stamp_in(page: Reply) -> str:
    """What a page was made from."""
    found = STAMP.search(page.text)
    assert found
    return found[1]
