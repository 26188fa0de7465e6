"""What a file turned out to be, where a person has told."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("analyses", sa.Column("truth", sa.String(8)))
    op.create_index("analyses_by_truth", "analyses", ["truth", "number"])
