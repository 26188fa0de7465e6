"""Keys, whose an analysis is, how long it is kept, and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0008b"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("analyses", sa.Column("owner", sa.String(16)))
    op.add_column(
        "analyses", sa.Column("retained", sa.Boolean, nullable=False, server_default=sa.true())
    )
    op.add_column("analyses", sa.Column("given_ms", sa.BigInteger))
    for claim in ("claims_upload", "claims_report"):
        op.add_column(
            "analyses", sa.Column(claim, sa.Boolean, nullable=False, server_default=sa.true())
        )
    op.create_index("analyses_by_owner", "analyses", ["owner", "number"])
    op.create_index("analyses_by_retained", "analyses", ["retained"])
    op.create_index("analyses_by_claim", "analyses", ["claims_report", "finished_ms"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_ms", sa.BigInteger),
        sa.Column("revoked_ms", sa.BigInteger),
        sa.Column("per_minute", sa.Integer, nullable=False),
        sa.Column("per_day", sa.Integer),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.String(16), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(36), nullable=False),
    )
    op.create_index("audit_by_actor", "audit_log", ["actor", "at_ms"])
