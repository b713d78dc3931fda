"""The addresses of the room's pages for applicants; the pages themselves stand in the ``*_views`` files."""

from flask import Blueprint

from spatc_funds.applications import (
    budget_views,
    copying,
    difference,
    equality_views,
    message_views,
    send_views,
    start_views,
    step_views,
    steps,
)

blueprint = Blueprint("applications", __name__)

ROUND, APPLICATION = "/rounds/<code>", "/applications/<ref:reference>"
READ, BOTH, POST = ("GET",), ("GET", "POST"), ("POST",)
STEPS = ", ".join(f"'{key}'" for key in steps.BY_KEY if key != steps.BUDGET.key)

for rule, page, methods in (
    (f"{ROUND}/apply", start_views.begin, READ),
    (f"{ROUND}/questions", start_views.questions, READ),
    (f"{ROUND}/questions.<any('docx', 'pdf', 'txt'):kind>", start_views.questions_download, READ),
    (f"{ROUND}/eligibility/<key>", start_views.eligibility, BOTH),
    (f"{ROUND}/not-eligible/<key>", start_views.not_eligible, READ),
    (f"{ROUND}/eligible", start_views.eligible, READ),
    (f"{ROUND}/organisation", start_views.organisation, BOTH),
    (f"{APPLICATION}/", send_views.task_list, READ),
    (f"{APPLICATION}/<any({STEPS}):key>", step_views.step, BOTH),
    (f"{APPLICATION}/budget", budget_views.budget, BOTH),
    (f"{APPLICATION}/questions/<key>", step_views.question, BOTH),
    (f"{APPLICATION}/check", send_views.check, READ),
    (f"{APPLICATION}/submit", send_views.submit, POST),
    (f"{APPLICATION}/sent", send_views.sent, READ),
    (f"{APPLICATION}/copy.<any('docx', 'pdf', 'txt'):kind>", send_views.download_copy, READ),
    (f"{APPLICATION}/draft.<any('docx', 'pdf', 'txt'):kind>", send_views.download_draft, READ),
    (f"{APPLICATION}/version-<int:number>.<any('docx', 'pdf', 'txt'):kind>", send_views.download_version, READ),
    (f"{APPLICATION}/reopen", send_views.reopen, POST),
    (f"{APPLICATION}/restore", send_views.restore, READ),
    (f"{APPLICATION}/restore", send_views.restore_now, POST),
    (f"{APPLICATION}/equality", equality_views.equality, BOTH),
    (f"{APPLICATION}/messages", message_views.messages, READ),
    (f"{APPLICATION}/messages/write", message_views.write, POST),
    (f"{APPLICATION}/withdraw", send_views.withdraw, READ),
    (f"{APPLICATION}/withdraw", send_views.withdraw_now, POST),
    (f"{APPLICATION}/delete", send_views.delete, READ),
    (f"{APPLICATION}/delete", send_views.delete_now, POST),
):
    blueprint.add_url_rule(rule, view_func=page, methods=methods)

blueprint.add_app_template_filter(copying.sections, "copied")
blueprint.add_app_template_filter(difference.changes, "changed_into")
blueprint.add_app_template_filter(copying.eligibility_rows, "copied_eligibility")
