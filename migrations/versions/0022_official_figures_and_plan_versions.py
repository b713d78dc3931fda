"""official figures, versions of the plan, and measures of funds."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# The words of the plan for indicators that were loaded before: definition and unit, by key.
SAID = {
    "neighbourhood-crime": ("Reviewing our Neighbourhood Crime figures to ensure that they are below baseline", ""),
    "additional-officers-and-staff": (
        "Monitoring the increased number of additional officers and staff in comparison to the April 2021 baseline",
        "officers and staff",
    ),
    "police-workforce-representation": ("Improving police workforce representation", ""),
    "cyber-attacks-on-businesses": ("Monitoring cyber attacks on businesses via survey", "cyber attacks"),
    "killed-or-seriously-injured": (
        "Monitoring the reduction of Killed or Seriously Injured (KSI) casualties on the roads of West Yorkshire",
        "casualties",
    ),
    "serious-violence": ("Monitoring the reduction in crime figures relating to Serious Violence", ""),
    "homicide": ("Monitoring the reduction in crime figures specifically relating to Homicide", ""),
    "hospital-admissions-for-assault-with-a-sharp-instrument": (
        "Monitoring the reduction in hospital admissions for assault with a sharp instrument",
        "hospital admissions",
    ),
    "knife-crime": ("Monitoring the reduction in crime figures relating to Knife Crime", ""),
}


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("continues_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("definition", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("unit", sa.String(length=300), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            batch_op.f("fk_indicator_continues_id_indicator"), "indicator", ["continues_id"], ["id"]
        )
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.alter_column("definition", server_default=None)
        batch_op.alter_column("unit", server_default=None)
    indicator = sa.table("indicator", *(sa.column(name) for name in ("key", "definition", "unit")))
    for key, (definition, unit) in SAID.items():
        op.execute(indicator.update().where(indicator.c.key == key).values(definition=definition, unit=unit))

    op.create_table(
        "indicator_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("licence", sa.String(length=300), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("rows_read > 0", name=op.f("ck_indicator_import_rows")),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["person.id"], name=op.f("fk_indicator_import_imported_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_import")),
    )
    op.create_table(
        "observation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("area", sa.String(length=9), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("value_milli", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("is_baseline", sa.Boolean(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.CheckConstraint("period_from <= period_to", name=op.f("ck_observation_period")),
        sa.CheckConstraint(
            "(state = 'published') = (value_milli IS NOT NULL)",
            name=op.f("ck_observation_published_exactly_with_a_number"),
        ),
        sa.CheckConstraint(
            "NOT is_baseline OR value_milli IS NOT NULL", name=op.f("ck_observation_baseline_is_a_number")
        ),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_observation_indicator_id_indicator")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["indicator_import.id"], name=op.f("fk_observation_import_id_indicator_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint(
            "indicator_id",
            "area",
            "period_from",
            "period_to",
            name=op.f("uq_observation_indicator_id_area_period_from_period_to"),
        ),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_observation_indicator_id"), ["indicator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_observation_import_id"), ["import_id"], unique=False)
        batch_op.create_index(
            "uq_observation_one_baseline",
            ["indicator_id", "area"],
            unique=True,
            sqlite_where=sa.text("is_baseline"),
            postgresql_where=sa.text("is_baseline"),
        )

    op.create_table(
        "plan_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_plan_id", sa.Integer(), nullable=False),
        sa.Column("to_plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("from_key", sa.String(length=80), nullable=False),
        sa.Column("to_key", sa.String(length=80), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_plan_mapping_percent")),
        sa.CheckConstraint("to_key IS NOT NULL OR percent = 100", name=op.f("ck_plan_mapping_ends_whole")),
        sa.CheckConstraint("from_plan_id <> to_plan_id", name=op.f("ck_plan_mapping_two_versions")),
        sa.ForeignKeyConstraint(
            ["from_plan_id"], ["plan_version.id"], name=op.f("fk_plan_mapping_from_plan_id_plan_version")
        ),
        sa.ForeignKeyConstraint(
            ["to_plan_id"], ["plan_version.id"], name=op.f("fk_plan_mapping_to_plan_id_plan_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_mapping")),
        sa.UniqueConstraint(
            "from_plan_id",
            "to_plan_id",
            "kind",
            "from_key",
            "to_key",
            name=op.f("uq_plan_mapping_from_plan_id_to_plan_id_kind_from_key_to_key"),
        ),
    )
    with op.batch_alter_table("plan_mapping", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_mapping_from_plan_id"), ["from_plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_mapping_to_plan_id"), ["to_plan_id"], unique=False)
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.create_index(
            "uq_plan_version_one_current",
            ["state"],
            unique=True,
            sqlite_where=sa.text("state = 'current'"),
            postgresql_where=sa.text("state = 'current'"),
        )

    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch_op.create_check_constraint(
            batch_op.f("ck_measure_new_version_with_reason"), "version = 1 OR reason <> ''"
        )
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.alter_column("reason", server_default=None)
    op.create_table(
        "fund_measure",
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("measure_key", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_fund_measure_fund_id_fund")),
        sa.PrimaryKeyConstraint("fund_id", "measure_key", name=op.f("pk_fund_measure")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("fund_measure")
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_measure_new_version_with_reason"), type_="check")
        batch_op.drop_column("reason")
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.drop_index("uq_plan_version_one_current")
    op.drop_table("plan_mapping")
    op.drop_table("observation")
    op.drop_table("indicator_import")
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_indicator_continues_id_indicator"), type_="foreignkey")
        batch_op.drop_column("unit")
        batch_op.drop_column("definition")
        batch_op.drop_column("continues_id")
