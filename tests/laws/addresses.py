"""How each endpoint's address is filled, and what it answers to whoever may: an endpoint without an entry fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from spatc_funds.applications.models import Submission
from spatc_funds.awards.models import Award
from spatc_funds.db.base import db
from tests.laws.cast import Cast

NOT_ONES_OWN = frozenset(
    {404}
)  # what is another's is not there for anybody else; one's own is tried by its room's tests
GIVEN, SENT = frozenset({200}), frozenset({303, 409, 422})
ROUND, QUESTION, ELIGIBILITY = "EX-SS", "place", "known-place"
NO_BID = "EX-SS-ZZZZZ"
Codes = frozenset[int]
ROWS: Mapping[str, Any] = {"submission": Submission, "award": Award}


@dataclass(frozen=True, slots=True)
class Entry:
    """An endpoint's address. ``story`` and ``tail`` give its reference; ``missing`` is what stands for nothing."""

    story: str | None = None
    tail: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    row: str = ""  # ?id= of a register's details: what the rows are; the story's own where it has one
    query: Mapping[str, str] = field(default_factory=dict)
    get: Codes = GIVEN
    post: Codes = SENT
    about_bid: bool = True  # whether the law is asked about the bid, or only whether the person may do it at all
    signed_out: Codes | None = None  # of a public page that answers strangers otherwise than people
    undeclared: Codes | None = None  # to an assessor who was given the bid and has declared nothing yet

    def exists(self, cast: Cast) -> dict[str, str]:
        """What the address is filled with; what the rule does not name becomes its query."""
        reference = {"reference": cast.told[self.story] + self.tail} if self.story and not self.row else {}
        return {**self.more, **self.query, **reference, **({"id": self._row(cast)} if self.row else {})}

    def absent(self) -> dict[str, str] | None:
        """The same for a thing that is not there; None where the address names no thing."""
        if self.story is None and not self.missing and not self.row:
            return None
        reference = {"reference": NO_BID + self.tail} if self.story and not self.row else {}
        return {**self.more, **self.query, **reference, **({"id": "999999"} if self.row else {}), **self.missing}

    def _row(self, cast: Cast) -> str:
        if self.story is None:
            return "1"
        model = ROWS[self.row]
        with cast.app.app_context():
            return str(db.session.scalar(select(func.max(model.id)).where(model.reference == cast.told[self.story])))


def _draft(**more: Any) -> Entry:
    return Entry("draft-ready", **more)


def _sent(**more: Any) -> Entry:
    return Entry("submitted", **more)


CODE = {"code": ROUND}
NO_CODE = {"code": "NO-SUCH"}
DAY_CODE = {"code": "EX-MSCF"}
DAY = {**DAY_CODE, "number": "1"}  # the told panel day
DRAFT, NO_PLAN = {"key": "example-draft-of-a-next-plan"}, {"key": "nothing"}
PART, NO_PART = {**DRAFT, "kind": "theme", "part": "road-safety"}, {"part": "nothing"}
BECOMES = {"key": "2021-24", "other": "example-draft-of-a-next-plan"}
MEASURE = {"key": "people-taking-part"}
INDICATOR = {"key": "anti-social-behaviour"}
DRAFT_REPORT, FINAL_REPORT = {"reference": "REPORT-1"}, {"reference": "REPORT-2"}
NO_REPORT = {"reference": "REPORT-99"}
CSV = {"export_type": "csv"}
PAGE, LIST, EXPORT = Entry(), Entry(), Entry(more=CSV)

ENTRIES: Mapping[str, Entry] = {
    "static": Entry(more={"filename": "start.js"}, missing={"filename": "nothing.js"}),
    "health": PAGE,
    "accounts.sign_in": Entry(get=frozenset({303}), post=frozenset({303}), signed_out=frozenset({200, 422})),
    "accounts.code": Entry(get=frozenset({200, 303}), post=frozenset({200, 303, 422})),
    "accounts.link": Entry(more={"token": "nothing"}, get=GIVEN, post=GIVEN),
    "accounts.name": Entry(get=frozenset({200, 303}), post=frozenset({200, 303, 422})),
    "accounts.sign_out": Entry(),
    "accounts.new_organisation": PAGE,
    "accounts.new_organisation_found": PAGE,
    "accounts.new_organisation_confirmed": Entry(get=frozenset({303}), post=frozenset({303})),
    "framework.plan": PAGE,
    "framework.theme": Entry(more={"key": "road-safety"}, missing={"key": "nothing"}),
    "framework.cross_cutting": Entry(more={"key": "trust-and-confidence"}, missing={"key": "nothing"}),
    "framework.help_and_support": PAGE,
    "funds.index": PAGE,
    "funds.fund": Entry(more={"key": "safer-streets"}, missing={"key": "nothing"}),
    "funds.show": Entry(more=CODE, missing=NO_CODE),
    "funds.ask_format": Entry(more=CODE, missing=NO_CODE),
    "panel_formats.index_view": LIST,
    "applications.begin": Entry(more=CODE, missing=NO_CODE),
    "applications.questions": Entry(more=CODE, missing=NO_CODE),
    "applications.questions_download": Entry(more={**CODE, "kind": "txt"}, missing=NO_CODE),
    "applications.eligible": Entry(more=CODE, missing=NO_CODE, get=frozenset({303})),
    "applications.eligibility": Entry(more={**CODE, "key": ELIGIBILITY}, missing={"key": "nothing"}),
    "applications.not_eligible": Entry(
        more={**CODE, "key": ELIGIBILITY}, missing={"key": "nothing"}, get=frozenset({303})
    ),
    "applications.organisation": Entry(more=CODE, missing=NO_CODE, get=frozenset({303})),
    "applications.task_list": _draft(),
    "applications.step": _draft(more={"key": "group"}, missing={"key": "group"}),
    "applications.budget": _draft(),
    "applications.question": _draft(more={"key": QUESTION}),
    "applications.check": _draft(),
    "applications.submit": _draft(),
    "applications.delete": _draft(),
    "applications.delete_now": _draft(),
    "applications.sent": _sent(),
    "applications.download_copy": _sent(more={"kind": "txt"}),
    "applications.download_draft": _draft(more={"kind": "txt"}),
    "applications.download_version": Entry("sent-again", more={"kind": "txt", "number": "1"}, missing={"number": "99"}),
    "applications.equality": _sent(),
    "applications.messages": _sent(),
    "applications.write": _sent(),
    "applications.reopen": _sent(),
    "applications.restore": Entry("sent-again"),
    "applications.restore_now": Entry("sent-again"),
    "applications.withdraw": _sent(),
    "applications.withdraw_now": _sent(),
    "awards.show": Entry("offered"),
    "awards.accept": Entry("offered"),
    "awards.decline": Entry("offered"),
    "returns.show": Entry("late-return", "-R1"),
    "returns.edit": Entry("late-return", "-R1"),
    "returns.people": Entry("late-return", "-R1"),
    "returns.money": Entry("late-return", "-R1"),
    "returns.count": Entry("late-return", "-R1"),
    "returns.evidence": Entry("late-return", "-R1"),
    "returns.download_file": Entry("zero-of-fifty", "-R1", more={"number": "1"}, missing={"number": "99"}),
    "returns.remove_file": Entry("late-return", "-R1", more={"number": "1"}, missing={"number": "99"}),
    "returns.check": Entry("late-return", "-R1"),
    "returns.send": Entry("late-return", "-R1"),
    "returns.recall": Entry("sent-return", "-R1"),
    "returns.sent": Entry("zero-of-fifty", "-R1"),
    "home.index": PAGE,
    "home.start": PAGE,
    "home.funded": Entry(more={"key": "safer-streets"}, missing={"key": "nothing"}),
    "home.download_my_data": PAGE,
    "home.timeline": Entry("corrected-return"),
    "home.accessibility": PAGE,
    "home.privacy": PAGE,
    "home.cookies": PAGE,
    "home.terms": PAGE,
    "home.contact": PAGE,
    "admin.index": PAGE,
    "panel_rounds.index_view": LIST,
    "panel_rounds.details_view": Entry(row="round", about_bid=False),
    "panel_rounds.export": EXPORT,
    "panel_plans.index": LIST,
    "panel_plans.create": PAGE,
    "panel_plans.show": Entry(more=DRAFT, missing=NO_PLAN),
    "panel_plans.edit": Entry(more=DRAFT, missing=NO_PLAN),
    "panel_plans.add_part": Entry(more={**DRAFT, "kind": "theme"}, missing=NO_PLAN),
    "panel_plans.edit_part": Entry(more=PART, missing=NO_PART),
    "panel_plans.move_part": Entry(more=PART, missing=NO_PART),
    "panel_plans.remove_part": Entry(more=PART, missing=NO_PART),
    "panel_plans.make_current": Entry(more=DRAFT, missing=NO_PLAN),
    "panel_plans.mapped": Entry(more=BECOMES, missing=NO_PLAN),
    "panel_plans.edit_mapping": Entry(more={**PART, **BECOMES}, missing=NO_PART),
    "panel_plans.edit_mapping_same": Entry(more=BECOMES, missing=NO_PLAN),
    "panel_indicators.index": LIST,
    "panel_indicators.show": Entry(more=INDICATOR, missing={"key": "nothing"}),
    "panel_indicators.download": Entry(more=INDICATOR, missing={"key": "nothing"}),
    "panel_indicators.download_all": PAGE,
    "panel_indicators.observe": Entry(more=INDICATOR, missing={"key": "nothing"}),
    "panel_indicators.import_figures": PAGE,
    "panel_indicators.download_template": Entry(more={"kind": "xlsx"}),
    "panel_imports.index_view": LIST,
    "panel_imports.details_view": Entry(row="import", about_bid=False),
    "panel_imports.export": EXPORT,
    "panel_measures.index_view": LIST,
    "panel_measures.export": EXPORT,
    "panel_measures.show": Entry(more=MEASURE, missing={"key": "nothing"}),
    "panel_measures.edit": Entry(more=MEASURE, missing={"key": "nothing"}),
    "panel_measures.edit_new": PAGE,
    "panel_fund_measures.index": LIST,
    "panel_fund_measures.choose": Entry(more={"key": "safer-streets"}, missing={"key": "nothing"}),
    "panel_bids.index_view": LIST,
    "panel_bids.export": EXPORT,
    "panel_bids.show": Entry("assessing"),
    "panel_bids.save": PAGE,
    "panel_bids.delete": Entry(more={"number": "1"}, about_bid=False, post=NOT_ONES_OWN),
    "panel_bids.tag": PAGE,
    "panel_bids.tag_now": PAGE,
    "panel_bids.untag": PAGE,
    "panel_submissions.index_view": LIST,
    "panel_submissions.details_view": Entry("assessing", row="submission"),
    "panel_submissions.export": EXPORT,
    "panel_equality.index": LIST,
    "panel_messages.index": LIST,
    "panel_messages.show": Entry("recommended"),
    "panel_messages.answer": Entry("recommended"),
    "panel_assessment.index": LIST,
    "panel_assessment.interest": Entry("assessing"),
    "panel_assessment.score": Entry("assessing", undeclared=frozenset({303})),
    "panel_assessment.criterion": Entry(
        "assessing", more={"key": "need"}, get=frozenset({200, 303}), undeclared=frozenset({303})
    ),
    "panel_assessment.finish": Entry("assessing"),
    "panel_assessment.allocate": Entry("assessing"),
    "panel_assessment.allocate_back": Entry("assessing", more={"number": "0"}, post=NOT_ONES_OWN),
    "panel_assessment.allocate_to_body": Entry("assessing", more={"key": "vcse"}),
    "panel_interests.index": PAGE,
    "panel_interests.register": PAGE,
    "panel_interests.end": Entry(more={"number": "1"}, about_bid=False, post=NOT_ONES_OWN),
    "panel_interests.declare": PAGE,
    "panel_registers.index_view": LIST,
    "panel_registers.export": EXPORT,
    "panel_assurance.index": LIST,
    "panel_assurance.show": Entry("assessing"),
    "panel_assurance.record": Entry("assessing"),
    "panel_assurance.compare": Entry("assessing"),
    "panel_assurance.compare_round": Entry(more={"code": "EX-MSCF"}, missing=NO_CODE),
    "panel_assurance.judge": Entry("assessing"),
    "panel_assurance.confirm": Entry("assessing"),
    "panel_assurance.tag": Entry("assessing"),
    "panel_assurance.untag": Entry("assessing"),
    "panel_allocation.index": LIST,
    "panel_allocation.show": Entry(more={"code": "EX-MSCF"}, missing=NO_CODE),
    "panel_pack.index": LIST,
    "panel_pack.download": PAGE,
    "panel_results.index": LIST,
    "panel_results.show": Entry("assessed"),
    "panel_results.settle": Entry("assessing"),
    "panel_results.settle_round": Entry(more=CODE, missing=NO_CODE),
    "panel_results.write": Entry("assessing"),
    "panel_figures.index": LIST,
    "panel_figures.show": Entry(more={"code": "EX-MSCF"}, missing=NO_CODE),
    "panel_calibration.index": LIST,
    "panel_calibration.show": Entry(more=CODE, missing=NO_CODE),
    "panel_calibration.set_bids": Entry(more=CODE, missing=NO_CODE),
    "panel_calibration.close": Entry(more=CODE, missing=NO_CODE),
    "panel_moderation.index": LIST,
    "panel_moderation.agenda": Entry(more=DAY_CODE, missing=NO_CODE),
    "panel_moderation.show": Entry("apart", more=DAY_CODE),
    "panel_moderation.moderate": Entry("apart", more={**DAY_CODE, "key": "need"}),
    "panel_days.index": LIST,
    "panel_days.set_new": Entry(more=DAY_CODE, missing=NO_CODE),
    "panel_days.set_up": Entry(more=DAY, missing={"number": "99"}),
    "panel_days.show": Entry(more=DAY, missing={"number": "99"}),
    "panel_days.attend": Entry(more=DAY, missing={"number": "99"}),
    "panel_days.call": Entry("assessed", more=DAY),
    "panel_days.end": Entry("assessing", more=DAY),
    "panel_days.minute": Entry("apart", more=DAY),
    "panel_settled.index_view": LIST,
    "panel_settled.export": EXPORT,
    "panel_recommendations.index": LIST,
    "panel_recommendations.recommend": Entry("assessed"),
    "panel_decisions.index": LIST,
    "panel_decisions.decide": Entry("recommended"),
    "panel_awards.index_view": LIST,
    "panel_awards.details_view": Entry("offered", row="award"),
    "panel_awards.export": EXPORT,
    "panel_instalments.index_view": LIST,
    "panel_instalments.export": EXPORT,
    "panel_owed.index": LIST,
    "panel_returns.index_view": LIST,
    "panel_returns.export": EXPORT,
    "panel_returns.show": Entry("sent-return", "-R1"),
    "panel_returns.download_file": Entry("sent-return", "-R1", more={"number": "1"}, missing={"number": "99"}),
    "panel_returns.review": Entry("sent-return", "-R1"),
    "panel_returns.accept": Entry("sent-return", "-R1"),
    "panel_returns.send_back": Entry("sent-return", "-R1"),
    "panel_returns.reopen": Entry("zero-of-fifty", "-R1"),
    "panel_returns.choose": Entry("zero-of-fifty", "-R1"),
    "panel_returns.drop": Entry("zero-of-fifty", "-R1", more={"part": "story"}, missing={"part": "story"}),
    "panel_watched.index_view": LIST,
    "panel_watched.export": EXPORT,
    "panel_watched.show": Entry("accepted-nothing-due"),
    "panel_watched.rate": Entry("accepted-nothing-due"),
    "panel_watched.record": Entry("accepted-nothing-due"),
    "panel_cases.index_view": LIST,
    "panel_cases.export": EXPORT,
    "panel_dues.index_view": LIST,
    "panel_dues.export": EXPORT,
    "panel_dues.show": Entry("requested-payment", "-P1"),
    "panel_dues.meet": Entry("paid-first", "-P1"),
    "panel_dues.ask": Entry("paid-first", "-P1"),
    "panel_dues.approve": Entry("requested-payment", "-P1"),
    "panel_dues.refuse": Entry("requested-payment", "-P1"),
    "panel_dues.pay": Entry("paid-first", "-P1"),
    "panel_payments.index_view": LIST,
    "panel_payments.export": EXPORT,
    "panel_impact.index": LIST,
    "panel_impact.made_of": Entry(query={"by": "total"}),
    "panel_impact.export_made_of": Entry(more={"kind": "csv"}),
    "panel_impact.show_return": Entry("zero-of-fifty", "-R1"),
    "panel_statements.index": LIST,
    "panel_statements.publish": Entry(about_bid=False),
    "panel_statements.show": Entry(more={"reference": "IMPACT-1"}, missing={"reference": "IMPACT-99"}),
    "panel_statements.export": Entry(more={"reference": "IMPACT-1"}, missing={"reference": "IMPACT-99"}),
    "impact.statements": PAGE,
    "impact.statement": Entry(more={"statement": "IMPACT-1"}, missing={"statement": "IMPACT-99"}),
    "impact.download_figures": Entry(more={"statement": "IMPACT-1"}, missing={"statement": "IMPACT-99"}),
    "panel_ways.index": LIST,
    "panel_ways.indicators": LIST,
    "panel_ways.people": LIST,
    "panel_ways.export_people": Entry(more={"kind": "xlsx"}),
    "panel_ways.own": LIST,
    "panel_ways.export_own": Entry(more={"kind": "csv"}),
    "panel_ways.show": Entry(more={"way": "theme"}, missing={"way": "weather"}),
    "panel_ways.export": Entry(more={"way": "theme", "kind": "csv"}, missing={"way": "weather"}),
    "panel_ways.export_gaps": Entry(more={"kind": "xlsx"}),
    "panel_reports.index": LIST,
    "panel_reports.start": Entry(about_bid=False),
    "panel_reports.show": Entry(more=FINAL_REPORT, missing=NO_REPORT),
    "panel_reports.download": Entry(more={**FINAL_REPORT, "kind": "docx"}, missing=NO_REPORT),
    "panel_reports.edit": Entry(more=DRAFT_REPORT, missing=NO_REPORT),
    "panel_reports.finish": Entry(more=DRAFT_REPORT, missing=NO_REPORT),
    "panel_reports.delete": Entry(more=DRAFT_REPORT, missing=NO_REPORT),
    "panel_workbook.index": LIST,
    "panel_workbook.download": Entry(more=CODE, missing=NO_CODE),
    "panel_people.index_view": LIST,
    "panel_people.details_view": Entry(row="person", about_bid=False),
    "panel_people.export": EXPORT,
    "panel_log.index_view": LIST,
    "panel_log.details_view": Entry(row="entry", about_bid=False),
    "panel_log.export": EXPORT,
}


def endpoints(app: Flask) -> list[str]:
    """Every endpoint that has an address."""
    return sorted({rule.endpoint for rule in app.url_map.iter_rules()})


def address_of(app: Flask, endpoint: str, method: str, values: Mapping[str, str]) -> str:
    """The path and query of an endpoint."""
    return app.url_map.bind("localhost").build(endpoint, dict(values), method=method)


def methods_of(app: Flask, endpoint: str) -> list[str]:
    """GET and POST, as far as the endpoint takes them."""
    taken = set().union(*(rule.methods or () for rule in app.url_map.iter_rules(endpoint)))
    return sorted(taken & {"GET", "POST", "PUT", "PATCH", "DELETE"})
