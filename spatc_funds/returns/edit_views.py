"""The pages of a return that are filled in. Whatever can be read is saved, complete or not, also while it is typed."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from spatc_funds.core.clock import now
from spatc_funds.db import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.workflow import may_move
from spatc_funds.returns import contents, queries
from spatc_funds.returns.keeping import MAIN, MONEY, PEOPLE, Page, following, problems
from spatc_funds.returns.shown import UNPROCESSABLE, again, common, conflict
from spatc_funds.web.filters import clock
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import current_actor, requires, wants_json
from spatc_funds.web.held import stamp_or

LATER = "later"
CHANGED = "Somebody else changed this return while you had it open. We kept their answers. Yours are below, not saved."


@requires(Action.RETURN_EDIT, queries.owed)
def edit(found: queries.Owed) -> ResponseReturnValue:
    """What was counted, what was spent, and how it went."""
    return _work(found, MAIN)


@requires(Action.RETURN_EDIT, queries.owed)
def people(found: queries.Owed) -> ResponseReturnValue:
    """Who the people were, as counts."""
    return _work(found, PEOPLE)


@requires(Action.RETURN_EDIT, queries.owed)
def money(found: queries.Owed) -> ResponseReturnValue:
    """What was spent on each line of the budget."""
    return _work(found, MONEY)


def _work(found: queries.Owed, page: Page) -> ResponseReturnValue:
    if request.method == "POST":
        return _save(found, page)
    if not may_move(found.state, Action.RETURN_EDIT):
        return redirect(url_for("returns.show", reference=found.reference), 303)
    return _page(found, page, page.form(found))


def _save(found: queries.Owed, page: Page) -> ResponseReturnValue:
    found = queries.locked(found)  # nobody else saves between what is compared and what is written
    form, actor = page.form(found), current_actor()
    readable, differing = page.readable(form, found), page.differences(form, found)
    if not may_move(found.state, Action.RETURN_EDIT):
        return conflict(found, differing, f"This return is “{found.state.value}” now, so it cannot be changed.")
    if differing and request.form.get("stamp", "") != contents.part_stamp(found, page.key):
        return conflict(found, differing, CHANGED)
    try:
        with unit_of_work(actor.id, Action.RETURN_EDIT, found.expected.award.reference):
            page.save(actor, found, form)
    except IntegrityError:  # two people began it in the same moment
        found = again(found)
        return conflict(found, page.differences(form, found), CHANGED)
    found = again(found)
    if wants_json():
        saved, whole = contents.part_stamp(found, page.key), page.whole(form, found)
        return jsonify(stamp=saved, saved=clock(now()), whole=whole)
    return _onward(found, page, form, readable=readable)


def _onward(found: queries.Owed, page: Page, form: PageForm, *, readable: bool) -> ResponseReturnValue:
    later = request.form.get("act") == LATER
    if readable and not later:
        page.show(form, problems(page, found))
    if form.errors:
        return _page(found, page, form, kept=True), UNPROCESSABLE
    if later:
        flash("Your return is saved. It is not sent yet.", "success")
        return redirect(url_for("returns.show", reference=found.reference), 303)
    return redirect(_next(found, page), 303)


def _next(found: queries.Owed, page: Page) -> str:
    """Where it goes on: the next page that is asked, or everything once more."""
    onward = following(page, found)
    if onward is None:
        return url_for("returns.check", reference=found.reference)
    return url_for("returns.people" if onward is PEOPLE else "returns.money", reference=found.reference)


def _page(found: queries.Owed, page: Page, form: PageForm, *, kept: bool = False) -> str:
    stamp = stamp_or(contents.part_stamp(found, page.key))
    return render_template(
        page.template,
        **common(found),
        form=form,
        kept=kept,
        stamp=stamp,
        onward=following(page, found) is not None,
        **page.more(form, found),
    )
