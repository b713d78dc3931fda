"""The law: every role, every act, every reach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.core.problems import ForbiddenError, MissingError
from spatc_funds.policy.actions import Action
from spatc_funds.policy.permissions import (
    ALLOWED,
    FOUR_EYES,
    PERMISSIONS,
    Person,
    Scope,
    Subject,
    decide,
    permit,
    scopes,
)
from spatc_funds.policy.roles import MEMBER_ROLES, STAFF_ROLES, Role

BID, OTHER_BID = "EX-MSCF-7K2M9", "EX-MSCF-00000"
OURS, THEIRS = 1, 2
ACTIONS = st.sampled_from(Action)
IDS = st.integers(1, 4)
BIDS = st.frozensets(st.sampled_from([BID, OTHER_BID]))
PEOPLE = st.builds(
    Person,
    id=st.none() | IDS,
    roles=st.frozensets(st.sampled_from(STAFF_ROLES)),
    memberships=st.dictionaries(st.integers(1, 3), st.sampled_from(MEMBER_ROLES), max_size=2),
    allocated=BIDS,
    assigned=BIDS,
    barred=BIDS,
)
SUBJECTS = st.builds(
    Subject,
    bid=st.sampled_from([BID, OTHER_BID]),
    organisation_id=st.none() | st.integers(1, 3),
    hands=st.dictionaries(ACTIONS, st.frozensets(IDS), max_size=4),
)


def naive(person: Person, action: Action, subject: Subject) -> bool:
    """The law told a second time, plainly."""
    did_before = any(person.id in subject.hands.get(earlier, ()) for earlier in FOUR_EYES.get(action, ()))
    reached = False
    for role, scope in PERMISSIONS[action].items():
        member = (subject.organisation_id, role) in person.memberships.items()
        holds = (
            role in person.roles
            or role in person.memberships.values()
            or (role == Role.ANYONE_SIGNED_IN and person.id is not None)
        )
        reached |= (
            holds
            and {
                Scope.OWN: member,
                Scope.ALLOCATED: subject.bid in person.allocated and subject.bid not in person.barred,
                Scope.ASSIGNED: subject.bid in person.assigned and subject.bid not in person.barred,
                Scope.ANYWHERE: subject.bid not in person.barred,
            }[scope]
        )
    return reached and not did_before


@given(PEOPLE, ACTIONS, SUBJECTS)
def test_the_answer_is_that_of_the_law_told_plainly(person: Person, action: Action, subject: Subject) -> None:
    assert decide(person, action, subject).allowed == naive(person, action, subject)


@given(PEOPLE, ACTIONS, st.none() | SUBJECTS)
def test_a_refusal_gives_its_reason_and_a_yes_is_plain(person: Person, action: Action, subject: Subject | None) -> None:
    answer = decide(person, action, subject)
    assert answer == ALLOWED if answer.allowed else answer.reason


@given(PEOPLE, ACTIONS, SUBJECTS)
def test_what_is_open_on_a_thing_is_open_at_all(person: Person, action: Action, subject: Subject) -> None:
    if decide(person, action, subject).allowed:
        assert decide(person, action).allowed
        assert scopes(person, action)


@pytest.mark.parametrize("action", Action)
def test_a_barred_person_on_the_staff_reaches_nothing_of_that_bid(action: Action) -> None:
    bid = frozenset({BID})
    barred = Person(1, roles=frozenset(STAFF_ROLES), allocated=bid, assigned=bid, barred=bid)
    assert not decide(barred, action, Subject(BID, THEIRS)).allowed


@given(PEOPLE, ACTIONS, st.integers(1, 3))
def test_a_barred_actor_reaches_nothing_but_their_own(person: Person, action: Action, organisation: int) -> None:
    barred = Person(
        person.id,
        roles=person.roles,
        memberships=person.memberships,
        allocated=frozenset({BID}),
        assigned=frozenset({BID}),
        barred=frozenset({BID}),
    )
    part = person.memberships.get(organisation)
    own = part is not None and PERMISSIONS[action].get(part) is Scope.OWN
    assert decide(barred, action, Subject(BID, organisation)).allowed == own


@pytest.mark.parametrize("action", Action)
def test_a_conflict_on_one_bid_bars_no_other(action: Action) -> None:
    bid, roles = frozenset({BID}), frozenset(STAFF_ROLES)
    free = Person(1, roles=roles, allocated=bid, assigned=bid)
    conflicted = Person(1, roles=roles, allocated=bid, assigned=bid, barred=frozenset({OTHER_BID}))
    assert decide(free, action, Subject(BID)) == decide(conflicted, action, Subject(BID))


OWN = [
    (role, action) for action, granted in PERMISSIONS.items() for role, scope in granted.items() if scope is Scope.OWN
]


@pytest.mark.parametrize(("role", "action"), OWN)
def test_a_member_reaches_their_own_and_learns_nothing_of_others(role: Role, action: Action) -> None:
    member = Person(1, memberships={OURS: role})
    assert decide(member, action, Subject(BID, OURS)).allowed
    theirs = decide(member, action, Subject(BID, THEIRS))
    assert (theirs.allowed, theirs.hidden) == (False, True)
    assert decide(member, action, Subject(BID, None)).hidden


@pytest.mark.parametrize(("role", "action"), OWN)
def test_only_members_have_an_own_and_they_have_nothing_else(role: Role, action: Action) -> None:
    assert role in MEMBER_ROLES
    assert PERMISSIONS[action][role] is Scope.OWN
    assert all((scope is Scope.OWN) == (held in MEMBER_ROLES) for held, scope in PERMISSIONS[action].items())


@pytest.mark.parametrize("action", Action)
def test_a_part_in_one_organisation_is_not_carried_to_another(action: Action) -> None:
    person = Person(1, memberships={OURS: Role.LEAD, THEIRS: Role.READER})
    reader = Person(1, memberships={THEIRS: Role.READER})
    there = Subject(BID, THEIRS)
    assert decide(person, action, there).allowed == decide(reader, action, there).allowed


@pytest.mark.parametrize("action", Action)
def test_nobody_signed_in_may_do_nothing(action: Action) -> None:
    answer = decide(Person(None), action)
    assert not answer.allowed
    assert not answer.hidden


@pytest.mark.parametrize("action", [each for each in Action if Role.ANYONE_SIGNED_IN not in PERMISSIONS[each]])
def test_without_the_role_one_is_told_which_it_needs(action: Action) -> None:
    granted = PERMISSIONS[action]
    for role in set(Role) - set(granted):
        held = Person(1, memberships={OURS: role}) if role in MEMBER_ROLES else Person(1, roles=frozenset({role}))
        for answer in (decide(held, action), decide(held, action, Subject(BID, OURS))):
            assert (answer.allowed, answer.hidden) == (False, False)
            assert all(needed.value in answer.reason for needed in granted)


@given(PEOPLE, ACTIONS, st.none() | SUBJECTS)
def test_an_operation_hears_the_same_answer_as_an_error(
    person: Person, action: Action, subject: Subject | None
) -> None:
    answer, told = decide(person, action, subject), None
    try:
        permit(person, action, subject)
    except (ForbiddenError, MissingError) as refusal:
        told = refusal
    assert (told is None) == answer.allowed
    assert isinstance(told, MissingError) == answer.hidden
    assert told is None or str(told) == answer.reason


def test_the_log_is_read_by_the_auditor_alone() -> None:
    assert set(PERMISSIONS[Action.LOG_LIST]) == {Role.AUDITOR}


def test_an_act_of_commands_says_so() -> None:
    assert (
        decide(Person(1, roles=frozenset(STAFF_ROLES)), Action.PLAN_LOAD).reason == "This needs the role of a command."
    )


@pytest.mark.parametrize(
    "action",
    [
        Action.PERSON_SIGN_IN,
        Action.PERSON_CREATE,
        Action.PLAN_LOAD,
        Action.FUND_LOAD,
        Action.AWARD_IMPORT,
        Action.RESULTS_IMPORT,
        Action.MAIL_SEND,
    ],
)
def test_what_only_commands_do_is_open_to_no_role(action: Action) -> None:
    assert PERMISSIONS[action] == {}


def test_an_assessor_reaches_what_is_assigned_and_does_not_learn_of_the_rest() -> None:
    both = frozenset({BID, OTHER_BID})
    assessor = Person(1, roles=frozenset({Role.ASSESSOR}), allocated=both, assigned=frozenset({BID}))
    assert decide(assessor, Action.ASSESSMENT_SCORE, Subject(BID)).allowed
    assert decide(assessor, Action.ASSESSMENT_SCORE, Subject(OTHER_BID)).hidden
    assert decide(assessor, Action.INTEREST_DECLARE, Subject(OTHER_BID)).allowed
    assert decide(assessor, Action.INTEREST_DECLARE, Subject("EX-MSCF-11111")).hidden


def test_a_thing_of_no_bid_cannot_be_barred() -> None:
    officer = Person(1, roles=frozenset({Role.PROGRAMME_OFFICER}), barred=frozenset({"", BID}))
    assert decide(officer, Action.ROUND_LIST, Subject()).allowed


@pytest.mark.parametrize("action", Action)
def test_the_auditor_changes_nothing(action: Action) -> None:
    reading = {"list", "read", "open", "export", "sign-out", "create"}  # create: an organisation of one's own
    own = {Action.SEARCH_SAVE, Action.SEARCH_DELETE}  # their own searches
    if action not in own and decide(Person(1, roles=frozenset({Role.AUDITOR})), action, Subject(BID)).allowed:
        assert action.value.partition(":")[2] in reading


@pytest.mark.parametrize("action", Action)
def test_the_administrator_reaches_no_bid_and_no_money(action: Action) -> None:
    if decide(Person(1, roles=frozenset({Role.ADMINISTRATOR})), action).allowed:
        thing = action.value.partition(":")[0]
        assert thing in {"person", "organisation", "round", "panel", "home", "log"}


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_a_draft_is_the_applicants_alone(role: Role) -> None:
    staff = Person(1, roles=frozenset({role}))
    assert not decide(staff, Action.APPLICATION_READ, Subject(BID, OURS)).allowed


PAIRS = [(later, earlier) for later, befores in FOUR_EYES.items() for earlier in befores]


@pytest.mark.parametrize(("later", "earlier"), PAIRS)
def test_who_did_the_one_may_not_do_the_other(later: Action, earlier: Action) -> None:
    role, scope = next(iter(PERMISSIONS[later].items()))
    assert scope is Scope.ANYWHERE
    person, hands = Person(7, roles=frozenset({role})), {earlier: frozenset({7, 8})}
    answer = decide(person, later, Subject(BID, hands=hands))
    assert (answer.allowed, answer.hidden) == (False, False)
    assert answer.reason.startswith("You ")
    assert "so another person has to" in answer.reason
    assert ":" not in answer.reason  # words for the person, not names of acts
    assert decide(Person(9, roles=frozenset({role})), later, Subject(BID, hands=hands)).allowed


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        (Action.RECOMMENDATION_MAKE, Action.ASSESSMENT_SCORE),
        (Action.DECISION_TAKE, Action.ASSESSMENT_SCORE),
        (Action.DECISION_TAKE, Action.RECOMMENDATION_MAKE),
        (Action.PAYMENT_APPROVE, Action.PAYMENT_REQUEST),
        (Action.PAYMENT_APPROVE, Action.DECISION_TAKE),
        (Action.PAYMENT_PAY, Action.DECISION_TAKE),
        (Action.RETURN_ACCEPT, Action.RETURN_SEND),
        (Action.PAYMENT_REQUEST, Action.DECISION_TAKE),
    ],
)
def test_the_pairs_that_need_four_eyes_are_named(later: Action, earlier: Action) -> None:
    assert (later, earlier) in PAIRS


@given(st.sampled_from(sorted(FOUR_EYES)), st.frozensets(st.sampled_from(STAFF_ROLES)), SUBJECTS)
def test_no_wealth_of_roles_gets_around_four_eyes(action: Action, roles: frozenset[Role], subject: Subject) -> None:
    person = Person(1, roles=roles | {Role.FINANCE_OFFICER, Role.PROGRAMME_OFFICER})
    did = any(1 in subject.hands.get(earlier, ()) for earlier in FOUR_EYES[action])
    assert not (did and decide(person, action, subject).allowed)


def test_who_held_no_hand_in_it_is_not_held_to_it() -> None:
    requester = Subject(BID, hands={Action.PAYMENT_APPROVE: frozenset({1})})
    assert decide(Person(1, roles=frozenset({Role.FINANCE_OFFICER})), Action.PAYMENT_APPROVE, requester).allowed


def test_a_list_keeps_to_the_scopes_of_all_ones_roles() -> None:
    both = Person(1, roles=frozenset({Role.ASSESSOR, Role.AUDITOR}), memberships={OURS: Role.LEAD})
    assert scopes(both, Action.SUBMISSION_LIST) == {Scope.ASSIGNED, Scope.ANYWHERE}
    assert scopes(both, Action.APPLICATION_READ) == {Scope.OWN}
    assert scopes(both, Action.PAYMENT_PAY) == frozenset()
    assert scopes(Person(None), Action.HOME_READ) == frozenset()
    assert scopes(Person(1), Action.HOME_READ) == {Scope.ANYWHERE}


def test_a_staff_role_among_the_memberships_gives_nothing() -> None:
    person = Person(id=1, memberships={OURS: Role.PROGRAMME_OFFICER})
    assert not decide(person, Action.RESULT_SETTLE, Subject(bid=BID, organisation_id=OURS)).allowed
    assert scopes(person, Action.RESULT_SETTLE) == frozenset()
