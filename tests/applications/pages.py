"""What the tests of this room's pages share."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from spatc_funds.accounts.operations import add_member, create_person
from spatc_funds.applications.models import Application
from spatc_funds.applications.queries import by_reference
from spatc_funds.cli.demo import PASSWORD
from spatc_funds.db.session import unit_of_work
from spatc_funds.framework.models import PlanVersion
from spatc_funds.policy.actions import Action
from spatc_funds.policy.roles import Role
from tests.builders import Browser, World

ROUND = "/rounds/EX-MSCF"
RIGHT = {
    "in-west-yorkshire": "yes",
    "group-or-organisation": "yes",
    "crime-and-safety": "yes",
    "twelve-months": "yes",
    "statutory": "no",
    "not-supported": "no",
}


def address(reference: str, page: str = "") -> str:
    """The address of a page of an application."""
    return f"/applications/{reference}/{page}"


def found(reference: str) -> Application:
    """The application with everything typed in it (inside an app context)."""
    application = by_reference(reference)
    assert application
    return application


def plan_of(application: Application) -> PlanVersion:
    """The plan of its round (inside an app context)."""
    assert application.round.plan
    return application.round.plan


def stranger(world: World) -> Browser:
    """A browser of somebody who leads another group."""
    world.tell("declined")
    return world.browser(world.lead("declined"))


def member(world: World, reference: str, role: Role) -> Browser:
    """A browser of a new member of the application's group."""
    email = f"{role.value}@example.org"
    with world.context():
        organisation = found(reference).organisation
        with unit_of_work(None, Action.PERSON_CREATE):
            person = create_person(email, f"New {role.value}", PASSWORD)
            add_member(organisation, person.id, role)
    return world.browser(email)


def stamp_of(client: FlaskClient, path: str) -> str:
    """The stamp on a page as it is now."""
    return client.get(path).text.split('name="stamp" value="')[1].split('"')[0]


def answer_all(client: Browser) -> TestResponse:
    """Answer the eligibility questions as the rules need; the last answer's response."""
    for key, answer in RIGHT.items():
        response = client.send(f"{ROUND}/eligibility/{key}", {"answer": answer})
        assert response.status_code == 303, key
    return response
