"""returns as grantees and officers need them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("monitoring_return", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("seen_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("files_added", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("may_publish", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key(
            batch_op.f("fk_monitoring_return_seen_by_id_person"), "person", ["seen_by_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_monitoring_return_seen_by_somebody"), "(seen_at IS NULL) = (seen_by_id IS NULL)"
        )
    with op.batch_alter_table("monitoring_return", schema=None) as batch_op:
        batch_op.alter_column("may_publish", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch_op.alter_column("files_added", existing_type=sa.Integer(), existing_nullable=False, server_default=None)

    op.create_table(
        "return_line",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("spent_pence", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint("spent_pence >= 0", name=op.f("ck_return_line_spent")),
        sa.ForeignKeyConstraint(
            ["return_id"], ["monitoring_return.id"], name=op.f("fk_return_line_return_id_monitoring_return")
        ),
        sa.PrimaryKeyConstraint("return_id", "number", name=op.f("pk_return_line")),
    )
    op.create_table(
        "return_question",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=120), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_return_question_text")),
        sa.ForeignKeyConstraint(
            ["return_id"], ["monitoring_return.id"], name=op.f("fk_return_question_return_id_monitoring_return")
        ),
        sa.PrimaryKeyConstraint("return_id", "field", name=op.f("pk_return_question")),
    )
    op.create_table(
        "award_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rated_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_award_rating_reason")),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_award_rating_award_id_award")),
        sa.ForeignKeyConstraint(["rated_by_id"], ["person.id"], name=op.f("fk_award_rating_rated_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_rating")),
    )
    with op.batch_alter_table("award_rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_rating_award_id"), ["award_id"], unique=False)
    op.create_table(
        "award_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("follows", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("who <> '' AND seen <> ''", name=op.f("ck_award_visit_said")),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_award_visit_award_id_award")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_award_visit_recorded_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_visit")),
    )
    with op.batch_alter_table("award_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_visit_award_id"), ["award_id"], unique=False)
    with op.batch_alter_table("accepted_return", schema=None) as batch_op:
        batch_op.add_column(sa.Column("feedback", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("accepted_return", schema=None) as batch_op:
        batch_op.alter_column("feedback", existing_type=sa.Text(), existing_nullable=False, server_default=None)
    op.create_table(
        "return_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("caption", sa.String(length=300), nullable=False),
        sa.Column("all_agreed", sa.Boolean(), nullable=False),
        sa.Column("nameless", sa.Boolean(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("caption <> ''", name=op.f("ck_return_file_caption")),
        sa.CheckConstraint("kind = 'pdf' OR (all_agreed AND nameless)", name=op.f("ck_return_file_photograph_agreed")),
        sa.CheckConstraint("size BETWEEN 1 AND 5242880", name=op.f("ck_return_file_size")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_return_file_added_by_id_person")),
        sa.ForeignKeyConstraint(
            ["return_id"], ["monitoring_return.id"], name=op.f("fk_return_file_return_id_monitoring_return")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_file")),
        sa.UniqueConstraint("return_id", "number", name=op.f("uq_return_file_return_id_number")),
        sa.UniqueConstraint("return_id", "sha256", name=op.f("uq_return_file_return_id_sha256")),
    )
    op.create_table(
        "case_study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("accepted_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_case_study_title")),
        sa.ForeignKeyConstraint(
            ["accepted_id"], ["accepted_return.id"], name=op.f("fk_case_study_accepted_id_accepted_return")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["return_file.id"], name=op.f("fk_case_study_file_id_return_file")),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["person.id"], name=op.f("fk_case_study_chosen_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_study")),
        sa.UniqueConstraint("accepted_id", "part", name=op.f("uq_case_study_accepted_id_part")),
    )
    with op.batch_alter_table("case_study", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_study_chosen_at"), ["chosen_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_study_file_id"), ["file_id"], unique=False)
    op.create_table(
        "return_split",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("split_by", sa.String(length=80), nullable=False),
        sa.Column("split", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_return_split_value")),
        sa.ForeignKeyConstraint(
            ["return_id"], ["monitoring_return.id"], name=op.f("fk_return_split_return_id_monitoring_return")
        ),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_return_split_measure_id_measure")),
        sa.PrimaryKeyConstraint("return_id", "measure_id", "split_by", "split", name=op.f("pk_return_split")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("splits", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("feedback_days", sa.Integer(), nullable=False, server_default="20"))
        batch_op.create_check_constraint(batch_op.f("ck_round_feedback_days"), "feedback_days BETWEEN 1 AND 100")
        batch_op.add_column(sa.Column("virement_percent", sa.Integer(), nullable=False, server_default="10"))
        batch_op.add_column(sa.Column("virement_pence", sa.BigInteger(), nullable=False, server_default="25000"))
        batch_op.create_check_constraint(
            batch_op.f("ck_round_virement"), "virement_percent BETWEEN 0 AND 100 AND virement_pence >= 0"
        )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.alter_column("feedback_days", existing_type=sa.Integer(), existing_nullable=False, server_default=None)
        batch_op.alter_column("splits", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
        batch_op.alter_column(
            "virement_percent", existing_type=sa.Integer(), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "virement_pence", existing_type=sa.BigInteger(), existing_nullable=False, server_default=None
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_round_virement"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_round_feedback_days"), type_="check")
        batch_op.drop_column("feedback_days")
        batch_op.drop_column("virement_pence")
        batch_op.drop_column("virement_percent")
        batch_op.drop_column("splits")
    op.drop_table("return_split")
    op.drop_table("case_study")
    op.drop_table("return_file")
    with op.batch_alter_table("accepted_return", schema=None) as batch_op:
        batch_op.drop_column("feedback")
    op.drop_table("award_visit")
    op.drop_table("award_rating")
    op.drop_table("return_question")
    op.drop_table("return_line")
    with op.batch_alter_table("monitoring_return", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_monitoring_return_seen_by_somebody"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_monitoring_return_seen_by_id_person"), type_="foreignkey")
        batch_op.drop_column("may_publish")
        batch_op.drop_column("files_added")
        batch_op.drop_column("seen_by_id")
        batch_op.drop_column("seen_at")
