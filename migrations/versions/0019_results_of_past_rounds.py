"""results of past rounds."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recipient_number", sa.String(length=300), server_default="", nullable=False))
        batch_op.add_column(sa.Column("imported_paid_pence", sa.BigInteger(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_award_paid"),
            "imported_paid_pence IS NULL OR (imported_paid_pence >= 0 AND origin = 'imported')",
        )
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.alter_column("recipient_number", server_default=None)
    with op.batch_alter_table("accepted_return", schema=None) as batch_op:
        batch_op.alter_column("accepted_by_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Go back: what was imported with its returns goes; who accepted what is not told of it."""
    op.execute(GONE)
    with op.batch_alter_table("accepted_return", schema=None) as batch_op:
        batch_op.alter_column("accepted_by_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_award_paid"), type_="check")
        batch_op.drop_column("imported_paid_pence")
        batch_op.drop_column("recipient_number")


# Nobody accepted them here, and before this step every record had somebody.
GONE = "DELETE FROM accepted_return WHERE accepted_by_id IS NULL"
