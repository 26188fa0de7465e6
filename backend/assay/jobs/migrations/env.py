"""Run by Alembic: how it reaches the tables. `Database.prepare` hands it a connection."""

from alembic import context

from assay.jobs.database import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
