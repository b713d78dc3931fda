"""The log refuses change and deletion, in the database itself; its chain gets its head."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Values may be deleted (erasure), never changed; everything else of the log may be neither.
REFUSED = (
    ("log_entry", "UPDATE"),
    ("log_entry", "DELETE"),
    ("log_change", "UPDATE"),
    ("log_change", "DELETE"),
    ("log_values", "UPDATE"),
    ("log_head", "DELETE"),
    ("access_entry", "UPDATE"),
    ("access_entry", "DELETE"),
)
TRUNCATED = ("log_entry", "log_change", "log_values", "log_head", "access_entry")


def upgrade() -> None:
    """Go forward."""
    head = sa.table("log_head", sa.column("id"), sa.column("last_id"), sa.column("last_hash"))
    op.bulk_insert(head, [{"id": 1, "last_id": 0, "last_hash": "0" * 64}])
    if op.get_bind().dialect.name == "sqlite":
        for table, verb in REFUSED:
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the log refuses change'); END"
            )
        op.execute(
            "CREATE TRIGGER log_head_forward BEFORE UPDATE ON log_head WHEN NEW.last_id <> OLD.last_id + 1 "
            "BEGIN SELECT RAISE(ABORT, 'the log refuses change'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log refuses change'; END $$"
    )
    for table, verb in REFUSED:
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    for table in TRUNCATED:
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER log_head_forward BEFORE UPDATE ON log_head FOR EACH ROW "
        "WHEN (NEW.last_id <> OLD.last_id + 1) EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Go back."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    names = [(f"{table}_no_{verb.lower()}", table) for table, verb in REFUSED] + [("log_head_forward", "log_head")]
    if not sqlite:
        names += [(f"{table}_no_truncate", table) for table in TRUNCATED]
    for name, table in names:
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    if not sqlite:
        op.execute("DROP FUNCTION refuse_change()")
    op.execute("DELETE FROM log_head")
