"""Analyses are ordered by a number of their own; clocks are set back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column(
        "analyses", sa.Column("number", sa.BigInteger, nullable=False, server_default="0")
    )
    op.execute(
        "UPDATE analyses SET number = ranked.rank FROM (SELECT id, row_number() OVER "
        "(ORDER BY created_ms, id) AS rank FROM analyses) AS ranked WHERE ranked.id = analyses.id"
    )
    for name, columns in (
        ("analyses_newest", ["number", "id"]),
        ("analyses_by_state", ["state", "number"]),
    ):
        op.drop_index(name, "analyses")
        op.create_index(name, "analyses", columns)
