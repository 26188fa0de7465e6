"""Who wants to be told of the end of an analysis, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("analyses", sa.Column("webhook_url", sa.Text))
    op.add_column("analyses", sa.Column("webhook_state", sa.String(16)))
    op.add_column(
        "analyses",
        sa.Column("webhook_attempts", sa.Integer, nullable=False, server_default="0"),
    )
    op.add_column("analyses", sa.Column("webhook_error", sa.Text))
    op.create_index("analyses_by_webhook", "analyses", ["webhook_state"])
