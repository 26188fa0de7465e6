"""What was asked of an analysis is more than whether it is to be full."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("analyses", sa.Column("asked", sa.JSON, nullable=False, server_default="{}"))
    analyses = sa.table("analyses", sa.column("full", sa.Boolean), sa.column("asked", sa.JSON))
    op.execute(analyses.update().where(analyses.c.full).values(asked={"full": True}))
    op.drop_column("analyses", "full")
