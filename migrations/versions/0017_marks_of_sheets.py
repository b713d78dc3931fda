"""marks of sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# What a final sheet of before counts with, in millionths: whole numbers alone, rounded half up.
MARKS = """
UPDATE assessment SET mark_micro = (
  SELECT (SUM(score.value * criterion.weight) * 2000000 + round.scale_maximum) / (2 * round.scale_maximum)
  FROM score JOIN criterion ON criterion.id = score.criterion_id JOIN round ON round.id = criterion.round_id
  WHERE score.assessment_id = assessment.id GROUP BY round.scale_maximum
) WHERE state = 'final' AND body_id IS NULL
"""


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mark_micro", sa.BigInteger(), nullable=True))
    op.execute(MARKS)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_column("mark_micro")
