"""The offer as the grantee reads and answers it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from spatc_funds.awards import operations, queries
from spatc_funds.awards.forms import AcceptForm
from spatc_funds.awards.models import Award
from spatc_funds.core import clock
from spatc_funds.core.problems import NotReadyError
from spatc_funds.db.session import unit_of_work
from spatc_funds.policy.actions import Action
from spatc_funds.policy.states import AwardState
from spatc_funds.policy.workflow import may_move
from spatc_funds.web.forms import PageForm
from spatc_funds.web.guards import allowed, current_actor, requires

blueprint = Blueprint("awards", __name__, url_prefix="/awards")
UNPROCESSABLE = 422


@blueprint.route("/<ref:reference>/")
@requires(Action.AWARD_READ, queries.award_by_reference)
def show(award: Award) -> ResponseReturnValue:
    """The offer: how much, why, when it is paid, what is owed for it, and the agreement in plain words."""
    return render_template(
        "awards/show.html",
        award=award,
        payments=queries.payments(award),
        places=join_and(queries.places(award)),
        before=queries.before_payment(award),
        may_accept=allowed(Action.AWARD_ACCEPT, award) and may_move(award.state, Action.AWARD_ACCEPT),
        may_decline=allowed(Action.AWARD_DECLINE, award) and may_move(award.state, Action.AWARD_DECLINE),
        ours=award.organisation_id in current_actor().memberships,
    )


@blueprint.route("/<ref:reference>/accept", methods=["GET", "POST"])
@requires(Action.AWARD_ACCEPT, queries.award_by_reference)
def accept(award: Award) -> ResponseReturnValue:
    """Sign the agreement by typing one's name."""
    form, actor = AcceptForm(), current_actor()
    if request.method != "POST" and award.state is not AwardState.OFFERED:
        return redirect(url_for(".show", reference=award.reference), 303)
    if form.validate_on_submit():
        try:
            with unit_of_work(actor.id, Action.AWARD_ACCEPT, award.reference):
                operations.accept(actor, award, form.signed_as.data, clock.now())
        except NotReadyError as error:
            form.show(error.problems)
        else:
            flash("You have accepted the offer. Your agreement is signed.", "success")
            return redirect(url_for(".show", reference=award.reference), 303)
    page = render_template("awards/accept.html", award=award, form=form)
    return page, UNPROCESSABLE if form.errors else 200


@blueprint.route("/<ref:reference>/decline", methods=["GET", "POST"])
@requires(Action.AWARD_DECLINE, queries.award_by_reference)
def decline(award: Award) -> ResponseReturnValue:
    """Turn the offer down, after one question whether that is meant."""
    form, actor = PageForm(), current_actor()
    if request.method != "POST" and award.state is not AwardState.OFFERED:
        return redirect(url_for(".show", reference=award.reference), 303)
    if form.validate_on_submit():
        with unit_of_work(actor.id, Action.AWARD_DECLINE, award.reference):
            operations.decline(actor, award, clock.now())
        flash("You have turned the offer down. Nothing more is needed.", "success")
        return redirect(url_for(".show", reference=award.reference), 303)
    return render_template("awards/decline.html", award=award, form=form)


def join_and(names: list[str]) -> str:
    """``Leeds``, ``Bradford and Leeds``, ``Bradford, Kirklees and Leeds``."""
    return " and ".join([*filter(None, [", ".join(names[:-1])]), *names[-1:]])
