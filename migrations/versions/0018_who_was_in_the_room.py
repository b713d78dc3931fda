"""who was in the room."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("meeting_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("present_ids", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("meeting_item", schema=None) as batch_op:
        batch_op.drop_column("present_ids")
