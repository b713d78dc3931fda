"""where the log touched a table."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward: the last act that wrote to a table is found at once."""
    with op.batch_alter_table("log_change", schema=None) as batch_op:
        batch_op.create_index("ix_log_change_table_entry_id", ["table", "entry_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("log_change", schema=None) as batch_op:
        batch_op.drop_index("ix_log_change_table_entry_id")
