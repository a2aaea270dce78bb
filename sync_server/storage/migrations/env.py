"""Alembic's entrance: runs the steps on the connection that it is handed, never opens its own."""

from alembic import context

from sync_server.storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=False,
)
context.run_migrations()
