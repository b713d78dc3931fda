"""What everybody may read: the statements, in which small numbers are taken out."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from spatc_funds.core.problems import MissingError
from spatc_funds.impact import stating
from spatc_funds.impact.comparing import PARTS
from spatc_funds.impact.statement_file import file_of
from spatc_funds.impact.wording import IN_WORDS
from spatc_funds.web.guards import public

blueprint = Blueprint("impact", __name__)


@blueprint.get("/impact")
@public
def statements() -> ResponseReturnValue:
    """Every statement that was published."""
    return render_template("impact/public_statements.html", statements=stating.statements())


@blueprint.get("/impact/<statement>")
@public
def statement(statement: str) -> ResponseReturnValue:
    """One of them."""
    found = stating.statement_of(statement)
    if found is None:
        raise MissingError
    before = [each.content for each in stating.earlier(found)]
    return render_template(
        "impact/public_statement.html",
        statement=found,
        content=stating.published(found.content, before),
        headings=PARTS,
        **IN_WORDS,
        splits=stating.published_splits(found.content, before),
    )


@blueprint.get("/impact/<statement>/figures.json")
@public
def download_figures(statement: str) -> ResponseReturnValue:
    """The same as a file."""
    found = stating.statement_of(statement)
    if found is None:
        raise MissingError
    return file_of(found)
