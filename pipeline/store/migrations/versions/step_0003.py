"""What people need: accounts and sessions, documents to review, corrections, records as they were before."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
# As in `pipeline.store.schema`.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("audit", sa.Column("actor", sa.String, nullable=True))
    op.add_column("documents", sa.Column("number", sa.String, nullable=True))
    op.add_column("documents", sa.Column("edition", sa.String, nullable=True))
    op.create_table(
        "accounts",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("password", sa.String, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("failures", NUMBER, nullable=False),
        sa.Column("locked_until", sa.String, nullable=True),
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.String, primary_key=True),
        sa.Column("account_id", NUMBER, sa.ForeignKey("accounts.id"), nullable=False, index=True),
        sa.Column("csrf", sa.String, nullable=False),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("seen_at", sa.String, nullable=False),
    )
    op.create_table(
        "superseded",
        sa.Column("entry", NUMBER, sa.ForeignKey("audit.sequence"), primary_key=True),
        sa.Column("document_id", sa.String, sa.ForeignKey("documents.id"), nullable=False, index=True),
        sa.Column("record", sa.String, nullable=False),
        sa.Column("recorded_at", sa.String, nullable=False),
    )
    op.create_table(
        "reviews",
        sa.Column("document_id", sa.String, sa.ForeignKey("documents.id"), primary_key=True),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("lot", sa.Double, nullable=False),
        sa.Column("received", sa.String, nullable=False),
        sa.Column("codes", sa.String, nullable=False),
        sa.Column("fields", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("holder", NUMBER, sa.ForeignKey("accounts.id"), nullable=True),
        sa.Column("held_until", sa.String, nullable=True),
        sa.Column("claim", sa.String, nullable=True),
        sa.Column("opened_at", sa.String, nullable=True),
        sa.Column("first_holder", NUMBER, sa.ForeignKey("accounts.id"), nullable=True),
        sa.Column("done_at", sa.String, nullable=True, index=True),
        sa.Column("done_by", NUMBER, sa.ForeignKey("accounts.id"), nullable=True),
        sa.Column("seconds", sa.Double, nullable=True),
    )
    op.create_index("ix_reviews_line", "reviews", ["cause", "state", "received"])
    op.create_table(
        "corrections",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("document_id", sa.String, sa.ForeignKey("documents.id"), nullable=False, index=True),
        sa.Column("account_id", NUMBER, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("field", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("read_value", sa.String, nullable=False),
        sa.Column("read_raw", sa.String, nullable=True),
        sa.Column("read_confidence", sa.Double, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sa.Column("same", sa.Boolean, nullable=False),
    )
    ask_people_about_what_is_there()


def ask_people_about_what_is_there() -> None:
    """Documents that were sent to a person or accepted before."""
    from pipeline.model import Record
    from pipeline.store.ledger import review_columns

    connection = op.get_bind()
    columns = ("document_id", "cause", "lot", "received", "codes", "fields", "state", "note")
    insert = sa.text(f"INSERT INTO reviews ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})")
    update = sa.text("UPDATE documents SET number = :number, edition = :edition WHERE id = :id")
    for (text,) in connection.execute(sa.text("SELECT record FROM documents WHERE record IS NOT NULL")).all():
        record = Record.model_validate_json(text)
        connection.execute(update, {"number": record.form.number, "edition": record.form.edition, "id": record.id})
        row = review_columns(record)
        if row is not None:
            connection.execute(insert, row)
