"""times opened."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("times_opened", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.alter_column("times_opened", existing_type=sa.Integer(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("times_opened")
