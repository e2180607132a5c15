"""What a daemon needs: leases, the audit trail, what watched sources have shown, files that are renamed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
# As in `pipeline.store.schema`.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("arrivals", sa.Column("identity", sa.String, nullable=True))
    op.create_index("ix_arrivals_identity", "arrivals", ["identity"])
    op.add_column("documents", sa.Column("lease", sa.String, nullable=True))
    op.add_column("documents", sa.Column("leased_until", sa.String, nullable=True))
    op.add_column("documents", sa.Column("attempts", NUMBER, nullable=False, server_default="0"))
    op.create_table(
        "audit",
        sa.Column("sequence", NUMBER, primary_key=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False, index=True),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("chain", sa.String, nullable=False),
    )
    make_the_trail_final()
    op.create_table(
        "sightings",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("shown", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("arrival_id", NUMBER, sa.ForeignKey("arrivals.id"), nullable=True, index=True),
        sa.Column("seen_at", sa.String, nullable=False),
        sa.Column("settled_at", sa.String, nullable=True),
        sa.UniqueConstraint("source", "place"),
    )
    op.create_table(
        "watches",
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("scanned_at", sa.String, nullable=False),
        sa.Column("present", NUMBER, nullable=False),
        sa.Column("waiting", NUMBER, nullable=False),
        sa.Column("fault", sa.String, nullable=False),
    )
    enter_what_was_decided_before()


def make_the_trail_final() -> None:
    refusal = "the audit trail is final"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_is_final() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_final()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )


def enter_what_was_decided_before() -> None:
    """The trail begins with the records that are there, in the order in which they were made."""
    from pipeline.store.audit import chained

    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT id, record, recorded_at FROM documents WHERE record IS NOT NULL ORDER BY recorded_at, sequence")
    )
    chain = ""
    for record_id, record, recorded_at in rows.all():
        row = chained(chain, at=recorded_at, event="decided", subject=record_id, content=record)
        chain = str(row["chain"])
        connection.execute(
            sa.text(
                "INSERT INTO audit (at, event, subject, digest, chain) VALUES (:at, :event, :subject, :digest, :chain)"
            ),
            row,
        )
