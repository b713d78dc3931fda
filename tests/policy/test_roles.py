"""Roles: members of an organisation or staff, never both."""

from spatc_funds.policy.roles import MEMBER_ROLES, STAFF_ROLES, Role


def test_members_and_staff_and_anyone_are_all_roles_once() -> None:
    assert sorted([*MEMBER_ROLES, *STAFF_ROLES, Role.ANYONE_SIGNED_IN]) == sorted(Role)


def test_there_are_four_parts_in_an_organisation_and_nine_on_the_staff() -> None:
    assert (len(MEMBER_ROLES), len(STAFF_ROLES)) == (4, 9)
