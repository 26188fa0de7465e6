"""Runs that somebody outside has ended are counted apart from those that the file has ended."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("analyses", sa.Column("kills", sa.Integer, nullable=False, server_default="0"))
