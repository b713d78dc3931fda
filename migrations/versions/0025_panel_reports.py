"""panel reports."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "panel_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reader", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("indicators", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_panel_report_titled")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan_version.id"], name=op.f("fk_panel_report_plan_id_plan_version")),
        sa.ForeignKeyConstraint(["started_by_id"], ["person.id"], name=op.f("fk_panel_report_started_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_report")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "final_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["panel_report.id"], name=op.f("fk_final_report_report_id_panel_report")
        ),
        sa.ForeignKeyConstraint(["finished_by_id"], ["person.id"], name=op.f("fk_final_report_finished_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_final_report")),
        sa.UniqueConstraint("report_id", name=op.f("uq_final_report_report_id")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("final_report")
    op.drop_table("panel_report")
