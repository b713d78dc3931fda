"""The people who have an account, for those who look after accounts."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_admin.base import BaseView
from sqlalchemy import ColumnElement

from spatc_funds.accounts.models import Person, PersonRole
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import STAFF_ROLES, Role
from spatc_funds.web.filters import sentence
from spatc_funds.web.panel import Filter, RegisterView

CATEGORY = "The house"
NO_ROLE = "none"


def roles_of(_view: Any, _context: Any, person: Person, _name: str) -> str:
    """The roles on the staff, in words."""
    held = {each.role for each in person.roles}
    return ", ".join(sentence(role) for role in STAFF_ROLES if role in held) or "Applicant"


def groups_of(_view: Any, _context: Any, person: Person, _name: str) -> str:
    """What the person is to which group."""
    named = sorted((each.organisation.name, each.role.value) for each in person.memberships)
    return ", ".join(f"{name} ({role})" for name, role in named) or "None"


def with_role(_column: Any, role: str) -> ColumnElement[bool]:
    """People who hold a role on the staff, or none of them."""
    return ~Person.roles.any() if role == NO_ROLE else Person.roles.any(PersonRole.role == Role(role))


class People(RegisterView):
    """Names, addresses and roles. Nothing of how somebody signs in."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.PERSON_LIST,
        "details_view": Action.PERSON_LIST,
        "export": Action.PERSON_LIST,
    }
    can_view_details = can_export = True
    visible = None
    introduction = "Everybody who can sign in, with the roles they hold on the staff."
    column_list = ("name", "email", "roles", "active")
    column_details_list = ["name", "email", "roles", "memberships", "active"]  # each view reads it
    column_labels = {"email": "E-mail address", "active": "Can sign in", "memberships": "Groups"}  # each view copies it
    column_formatters = {"roles": roles_of, "memberships": groups_of}  # each view copies it
    column_sortable_list = ("name", "email", "active")
    column_default_sort = "name"
    column_searchable_list = ("name", "email")
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "role",
            None,
            "Role",
            "pick",
            with_role,
            choices={NO_ROLE: "Applicant"} | {role.value: sentence(role) for role in STAFF_ROLES},
        ),
        Filter("active", Person.active, "Can sign in", "pick"),
    )


def views() -> list[BaseView]:
    """The pages of this room."""
    return [People(Person, name="People", endpoint="panel_people", url="people")]
