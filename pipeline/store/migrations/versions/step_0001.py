"""Arrivals (files that came in), documents, and which arrival brought which document."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
# As in `pipeline.store.schema`.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("key", sa.String, nullable=False, unique=True),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=True),
        sa.Column("ignored", sa.String, nullable=False),
        sa.Column("arrived_at", sa.String, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("sequence", NUMBER, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("key", sa.String, nullable=False, unique=True),
        sa.Column("arrival_id", NUMBER, sa.ForeignKey("arrivals.id"), nullable=False),
        sa.Column("rank", NUMBER, nullable=True),
        sa.Column("sha256", sa.String, nullable=True, index=True),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("duplicate_of", sa.String, nullable=True),
        sa.Column("decision", sa.String, nullable=True, index=True),
        sa.Column("record", sa.String, nullable=True),
        sa.Column("recorded_at", sa.String, nullable=True),
    )
    op.create_table(
        "enclosures",
        sa.Column("arrival_id", NUMBER, sa.ForeignKey("arrivals.id"), primary_key=True),
        sa.Column("rank", NUMBER, primary_key=True),
        sa.Column("document_sequence", NUMBER, sa.ForeignKey("documents.sequence"), nullable=False),
    )
