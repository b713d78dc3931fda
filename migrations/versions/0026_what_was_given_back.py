"""what was given back."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward: what a return said when it was given back is kept while the group mends it."""
    with op.batch_alter_table("monitoring_return", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given_back", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("monitoring_return", schema=None) as batch_op:
        batch_op.drop_column("given_back")
