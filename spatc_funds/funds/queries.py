"""Reading funds and rounds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from spatc_funds.db.base import db
from spatc_funds.funds.eligibility import Rule
from spatc_funds.funds.models import Criterion, Fund, Pot, Question, Round

ASKED = (
    selectinload(Round.pots),
    selectinload(Round.areas),
    selectinload(Round.eligibility),
    selectinload(Round.questions),
    selectinload(Round.criteria).selectinload(Criterion.anchors),
    selectinload(Round.measures),
    joinedload(Round.fund),
    joinedload(Round.plan),
)


def funds() -> Sequence[Fund]:
    """Every fund with its rounds, in order."""
    return db.session.scalars(
        select(Fund).order_by(Fund.position).options(selectinload(Fund.rounds).selectinload(Round.pots))
    ).all()


def funds_with_measures() -> Sequence[Fund]:
    """Every fund with the measures that its new rounds begin with, in order."""
    return db.session.scalars(select(Fund).order_by(Fund.position).options(selectinload(Fund.measure_keys))).all()


def fund_by_key(key: str) -> Fund | None:
    """One fund with its rounds and sources."""
    whole = (selectinload(Fund.rounds).selectinload(Round.pots), selectinload(Fund.sources))
    return db.session.scalar(select(Fund).where(Fund.key == key).options(*whole))


def open_rounds(at: datetime) -> Sequence[Round]:
    """The rounds that take applications now, those that close first before the others."""
    return db.session.scalars(
        select(Round)
        .where(Round.opens_at <= at, Round.closes_at > at)
        .order_by(Round.closes_at, Round.id)
        .options(joinedload(Round.fund), selectinload(Round.pots))
    ).all()


def round_by_code(code: str) -> Round | None:
    """One round with everything it asks."""
    return db.session.scalar(select(Round).where(Round.code == code).options(*ASKED))


def locked_pot(pot_id: int) -> Pot:
    """The pot's row, locked until the transaction ends, as it is now."""
    return db.session.scalars(
        select(Pot).where(Pot.id == pot_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def is_open(opened: Round, at: datetime) -> bool:
    """Whether applications are taken at this moment: from midday on the first day to before midday on the last."""
    return opened.opens_at is not None and opened.closes_at is not None and opened.opens_at <= at < opened.closes_at


def takes(opened: Round, at: datetime) -> bool:
    """Whether what is received at this moment is taken: while the round is open, and in its grace after the close."""
    return is_open(opened, at - timedelta(minutes=opened.grace_minutes)) or is_open(opened, at)


def eligibility_rules(opened: Round) -> list[Rule]:
    """The round's eligibility questions as plain rules, in order."""
    return [Rule(question.key, question.must_be) for question in opened.eligibility]


def sections(asked: Round) -> list[tuple[str, list[Question]]]:
    """The round's questions under the names of their sections, both in order."""
    found: dict[str, list[Question]] = {}
    for question in asked.questions:
        found.setdefault(question.section, []).append(question)
    return list(found.items())


def words_asked(asked: Round) -> int:
    """How many words all answers together may have."""
    return sum(question.word_limit for question in asked.questions)


def criteria_of(asked: Round) -> dict[str, list[Criterion]]:
    """The criteria that each question's answer is scored on, by the question's key."""
    found: dict[str, list[Criterion]] = {question.key: [] for question in asked.questions}
    for criterion in asked.criteria:
        for key in criterion.question_keys:
            found.setdefault(key, []).append(criterion)
    return found


def round_choices() -> list[tuple[str, str]]:
    """Every round as a filter offers it: its id, and its code with its fund."""
    rows = db.session.execute(
        select(Round.id, Round.code, Fund.name).join(Fund).order_by(Fund.position, Round.position)
    )
    return [(str(number), f"{code} ({fund})") for number, code, fund in rows]
