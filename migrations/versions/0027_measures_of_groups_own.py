"""measures of groups' own."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. Rounds that are there take none: nobody is asked more in the middle of a round."""
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("own_of", sa.String(length=80), nullable=True))
        batch_op.create_index(batch_op.f("ix_measure_own_of"), ["own_of"])
        batch_op.create_check_constraint(batch_op.f("ck_measure_own_has_one_version"), "own_of IS NULL OR version = 1")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("own_measures", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(batch_op.f("ck_round_own_measures"), "own_measures BETWEEN 0 AND 3")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.alter_column("own_measures", existing_type=sa.Integer(), existing_nullable=False, server_default=None)
    op.create_table(
        "own_promise",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("target_of", sa.Integer(), nullable=True),
        sa.CheckConstraint("place BETWEEN 1 AND 3", name=op.f("ck_own_promise_place")),
        sa.CheckConstraint("target >= 0", name=op.f("ck_own_promise_target")),
        sa.CheckConstraint("target_of > 0", name=op.f("ck_own_promise_target_of")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_own_promise_application_id_application")
        ),
        sa.PrimaryKeyConstraint("application_id", "place", name=op.f("pk_own_promise")),
    )


def downgrade() -> None:
    """Go back. Measures of groups' own that an award froze stay, as measures like any other."""
    op.drop_table("own_promise")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_round_own_measures"), type_="check")
        batch_op.drop_column("own_measures")
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_measure_own_has_one_version"), type_="check")
        batch_op.drop_index(batch_op.f("ix_measure_own_of"))
        batch_op.drop_column("own_of")
