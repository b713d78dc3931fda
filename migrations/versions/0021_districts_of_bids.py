"""districts of bids."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

DISTRICTS = ("E08000032", "E08000033", "E08000034", "E08000035", "E08000036")
SHARE = {
    "sqlite": "CAST(json_extract(content, '$.shares.{code}') AS INTEGER) > 0",
    "postgresql": "CAST(content -> 'shares' ->> '{code}' AS INTEGER) > 0",
}


def upgrade() -> None:
    """Go forward: what was sent is read once, and not by every search."""
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("districts", sa.String(length=300), nullable=False, server_default=""))
    share = SHARE[op.get_bind().dialect.name]
    for code in DISTRICTS:
        op.execute(f"UPDATE submission SET districts = districts || ' {code} ' WHERE {share.format(code=code)}")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.alter_column(
            "districts", existing_type=sa.String(length=300), existing_nullable=False, server_default=None
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_column("districts")
