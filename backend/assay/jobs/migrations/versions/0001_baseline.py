"""The tables as they were when migrations began.

Databases of that time have them already, and keep what they have.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "analyses",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("finished_ms", sa.BigInteger),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("name_folded", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("work_key", sa.String(64), nullable=False),
        sa.Column("full", sa.Boolean, nullable=False),
        sa.Column("cached", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("percent", sa.Float, nullable=False),
        sa.Column("stage_name", sa.Text, nullable=False),
        sa.Column("stages", sa.JSON, nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True)),
        sa.Column("error_code", sa.Text),
        sa.Column("error_message", sa.Text),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("crashes", sa.Integer, nullable=False),
        sa.Column("worker", sa.String(36)),
        if_not_exists=True,
    )
    for name, columns in (
        ("analyses_newest", ["created_ms", "id"]),
        ("analyses_by_state", ["state", "created_ms"]),
        ("ix_analyses_sha256", ["sha256"]),
        ("ix_analyses_work_key", ["work_key"]),
    ):
        op.create_index(name, "analyses", columns, if_not_exists=True)
    op.create_table(
        "deletions",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("deleted_ms", sa.BigInteger, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "analysis_events",
        sa.Column("analysis_id", sa.String(36), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("seen_ms", sa.BigInteger, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("labels", sa.String(128), primary_key=True),
        sa.Column("value", sa.Float, nullable=False),
        if_not_exists=True,
    )
