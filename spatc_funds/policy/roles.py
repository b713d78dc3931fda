"""Who people are to the service: a part they play in an organisation, or a role on the staff."""

from enum import StrEnum


class Role(StrEnum):
    """Roles by the words of the README's glossary."""

    ANYONE_SIGNED_IN = "anyone signed in"
    # in an organisation that applies
    LEAD = "lead"
    EDITOR = "editor"
    READER = "reader"
    SIGNATORY = "signatory"
    # on the Mayor's staff
    ASSESSOR = "assessor"
    ADVISER = "adviser"
    PROGRAMME_OFFICER = "programme officer"
    BOARD_MEMBER = "board member"
    DECISION_MAKER = "decision maker"
    FINANCE_OFFICER = "finance officer"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


MEMBER_ROLES = (Role.LEAD, Role.EDITOR, Role.READER, Role.SIGNATORY)
STAFF_ROLES = tuple(role for role in Role if role not in {*MEMBER_ROLES, Role.ANYONE_SIGNED_IN})
