"""A person's note beside an analysis, and as it is searched."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for name in ("note", "note_folded"):
        op.add_column("analyses", sa.Column(name, sa.Text, nullable=False, server_default=""))
