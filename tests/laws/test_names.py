"""One name, many places: each act is a permission, and where it has one a move, an operation, a page and its words."""

from importlib import import_module
from importlib.util import find_spec
from urllib.parse import urlsplit

import pytest
from flask import Flask

from spatc_funds.audit.sentences import SENTENCES
from spatc_funds.cli.law import guards
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import DID, FOUR_EYES, PERMISSIONS, TO_DO
from spatc_funds.policy.workflow import WORKFLOWS
from tests.laws.sent_forms import Found

# Acts whose operation has a longer name than the verb, because the verb alone would say too little in its room.
OPERATIONS = {
    Action.SEARCH_SAVE: "accounts.save_search",
    Action.SEARCH_DELETE: "accounts.delete_search",
    Action.PERSON_CREATE: "accounts.create_person",
    Action.ORGANISATION_CREATE: "accounts.create_organisation",
    Action.APPLICATION_EDIT: "applications.save_answers",
    Action.MESSAGE_WRITE: "correspondence.write_message",
    Action.MESSAGE_ANSWER: "correspondence.answer_message",
    Action.ASSESSMENT_SCORE: "assessment.save_scores",
    Action.RESULT_SETTLE: "assessment.settle",
    Action.INTEREST_DECLARE: "assessment.declare",
    Action.INTEREST_END: "assessment.end_interest",
    Action.CALIBRATION_SET: "assessment.calibrate",
    Action.CALIBRATION_CLOSE: "assessment.close_calibration",
    Action.MEETING_SET: "assessment.set_meeting",
    Action.RECOMMENDATION_MAKE: "awards.recommend",
    Action.DECISION_TAKE: "awards.decide",
    Action.AWARD_IMPORT: "awards.import_awards",
    Action.RESULTS_IMPORT: "impact.import_results",
    Action.MEASURE_EDIT: "framework.edit_measure",
    Action.MEASURE_CHOOSE: "funds.choose_measures",
    Action.PLAN_EDIT: "framework.edit_plan",
    Action.INDICATOR_IMPORT: "framework.import_figures",
    Action.INDICATOR_LOAD: "framework.load_figures",
    Action.RETURN_EDIT: "returns.save",
    Action.REPORT_START: "publishing.start_report",
    Action.REPORT_EDIT: "publishing.edit_report",
    Action.REPORT_FINISH: "publishing.finish_report",
    Action.REPORT_DELETE: "publishing.delete_report",
    Action.AWARD_RATE: "returns.rate",
    Action.GATE_MEET: "payments.meet_gate",
    Action.PAYMENT_PAY: "payments.mark_paid",
}
ROOM_OF = {"application": "applications", "assessment": "assessment", "award": "awards", "return": "returns"}
ROOM_OF |= {"payment": "payments", "person": "accounts", "organisation": "accounts", "interest": "assessment"}
ROOM_OF |= {"search": "accounts", "results": "impact", "statement": "impact"}
ROOM_OF |= {"search": "accounts", "indicator": "framework", "plan": "framework", "measure": "framework"}
ROOM_OF |= {"meeting": "assessment", "score": "assessment", "calibration": "assessment"}
ROOM_OF |= {"message": "correspondence", "format": "funds", "equality": "applications"}
ROOM_OF |= {"bid": "assessment", "check": "assessment", "text": "assessment", "tags": "assessment"}
ROOM_OF |= {"result": "assessment", "recommendation": "awards", "decision": "awards", "gate": "payments"}
# What is no operation on a room's rows: sessions begin and end in codes.py and sign_in.py, commands load files.
# The files in which a room writes.
WRITING = (
    "operations",
    "importing",
    "sending",
    "interests",
    "assuring",
    "moderating",
    "convening",
    "settling",
    "telling",
    "allocating",
    "editing",
    "reviewing",
    "overseeing",
    "adding",
    "measuring",
)
ROOM_OF |= {"report": "publishing"}
ROOM_OF |= {"feedback": "assessment", "visit": "returns", "case": "returns"}
ROOM_OF |= {"result": "assessment", "recommendation": "awards", "decision": "awards", "gate": "payments"}
# What is no operation on a room's rows: sessions begin and end in codes.py and sign_in.py, commands load files.
WITHOUT = {
    Action.PERSON_ASK_CODE,
    Action.PERSON_SIGN_IN,
    Action.PERSON_SIGN_OUT,
    Action.PLAN_LOAD,
    Action.FUND_LOAD,
    Action.MAIL_SEND,
}


def test_every_act_has_its_line_in_the_law() -> None:
    assert set(PERMISSIONS) == set(Action)


def test_every_move_is_an_act_that_is_permitted_and_said() -> None:
    moved = {action for legal in WORKFLOWS.values() for (_state, action) in legal}
    assert {each for each in moved if not PERMISSIONS[each]} == set()
    assert moved <= set(SENTENCES)


def test_every_pair_of_eyes_is_said_in_words() -> None:
    assert {earlier for others in FOUR_EYES.values() for earlier in others} == set(DID)
    assert set(FOUR_EYES) == set(TO_DO)


@pytest.mark.parametrize("action", [each for each in SENTENCES if each not in WITHOUT])
def test_an_act_is_an_operation_of_its_room(action: Action) -> None:
    room, name = operation(action)
    modules = [each for each in WRITING if find_spec(f"spatc_funds.{room}.{each}")]
    found = [each for each in modules if callable(getattr(import_module(f"spatc_funds.{room}.{each}"), name, None))]
    assert len(found) == 1, f"{action.value}: no {room}.{name}"


def test_every_act_that_a_person_does_is_done_at_a_page_of_its_name(prepared: Flask) -> None:
    """The endpoint ends in the act's verb, or stands here with the reason why it is called otherwise."""
    by_act: dict[str, set[str]] = {}
    for endpoint, guard in guards(prepared).items():
        by_act.setdefault(guard or "", set()).add(endpoint.split(".")[-1])
    wrong = [
        f"{action.value}: {sorted(by_act.get(action.value, ()))}"
        for action in SENTENCES
        if PERMISSIONS[action] and action not in OTHERWISE and action.value not in INSIDE
        if not any(action.value.split(":")[1].replace("-", "_") in name for name in by_act.get(action.value, ()))
    ]
    assert wrong == []


OTHERWISE = {
    Action.ASSESSMENT_SCORE: "criterion: one page a criterion",
    Action.ORGANISATION_CREATE: "new_organisation: what people read is the page of a new group",
    Action.APPLICATION_EDIT: "one page a step",
    Action.EQUALITY_ANSWER: "equality: the page is called by what is answered",
    Action.INTEREST_DECLARE: "interest: the page is called by what is declared",
    Action.RECOMMENDATION_MAKE: "recommend: one verb for making a recommendation",
    Action.DECISION_TAKE: "decide: one verb for taking a decision",
    Action.PAYMENT_REQUEST: "ask: request is Flask's own word",
}
# Offered, but not in any state that the told world holds: the journeys press these buttons.
NOT_MET = {
    "calibration:close": "no told round has a calibration open: it would keep the round's other bids back",
    "person:sign-out": "its button stands on every page and is left out",
    "interest:end": "nobody of the told world has a register yet",
    "search:delete": "nobody of the told world keeps a search",
    "payment:pay": "every told payment that is approved is paid",
}
INSIDE = {"application:start"}  # done at the page of another act: test_routes says where


def operation(action: Action) -> tuple[str, str]:
    """The room and the name of the operation that does it."""
    thing, verb = action.value.split(":")
    room, _, name = OPERATIONS.get(action, f"{ROOM_OF[thing]}.{verb.replace('-', '_')}").partition(".")
    return room, name


def test_every_act_of_a_person_is_offered_by_a_page(prepared: Flask, forms: list[Found]) -> None:
    """A form that people meet by following links leads to the endpoint that does it: so a template draws it."""
    routes, found = prepared.url_map.bind("localhost"), guards(prepared)
    offered = {found[routes.match(urlsplit(each.action).path, "POST")[0]] for each in forms}
    people = {action.value for action in SENTENCES if PERMISSIONS[action]}
    assert people - offered == INSIDE | set(NOT_MET)
