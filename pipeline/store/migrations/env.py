"""Alembic's entry: runs the steps on the connection that `pipeline.store.upgrade` gives, inside its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
