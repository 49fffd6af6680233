"""The state of the public data: one number that every committed change raises.

Caches, ETags and figures hang on it. Triggers raise it, so that a change counts whichever way
it was made: a page, a command, bulk SQL. They are set up anew after each ``migrate``, because
SQLite drops the triggers of a table that a migration rebuilds.

The number is at least the time of the change in microseconds since 1970, so that it never
repeats, not even after a backup was restored. On PostgreSQL a transaction raises it once, when
it commits: no writer waits for another one's lock until then.
"""

from django.db import connections, models

KEPT_OUT = {"publications_datastate", "publications_act"}


class DataState(models.Model):
    """One row: its number, and whether the database holds demonstration data."""

    number = models.BigIntegerField(default=0)
    demonstration = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_state")]

    def __str__(self):
        return str(self.number)

    @classmethod
    def current(cls):
        """The state as of the last committed change; an empty database has the state 0."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @classmethod
    def mark_demonstration(cls):
        cls.objects.update_or_create(pk=1, defaults={"demonstration": True})


def public_tables(app_config):
    """Tables whose content visitors see; history and the state itself are not among them."""
    return sorted(
        model._meta.db_table
        for model in app_config.get_models(include_auto_created=True)
        if not hasattr(model, "history_type") and model._meta.db_table not in KEPT_OUT
    )


def install_triggers(sender, using, **kwargs):
    """Receiver of ``post_migrate``: (re)create the triggers of every public table."""
    connection = connections[using]
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        tables = [table for table in public_tables(sender) if table in existing]
        if "publications_datastate" not in existing:
            return
        statements = POSTGRESQL if connection.vendor == "postgresql" else []
        for statement in statements:
            cursor.execute(statement)
        each_table = POSTGRESQL_TABLE if connection.vendor == "postgresql" else SQLITE_TABLE
        for table in tables:
            for statement in each_table:
                for event in ("INSERT", "UPDATE", "DELETE"):
                    cursor.execute(statement.format(table=table, event=event))


SQLITE_TABLE = [
    'DROP TRIGGER IF EXISTS "{table}_state_{event}"',
    """
    CREATE TRIGGER "{table}_state_{event}" AFTER {event} ON "{table}" BEGIN
        INSERT INTO publications_datastate (id, number, demonstration)
        VALUES (1, CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER), 0)
        ON CONFLICT (id) DO UPDATE SET number = MAX(number + 1, excluded.number);
    END
    """,
]

POSTGRESQL = [
    "CREATE TABLE IF NOT EXISTS publications_change (xid bigint PRIMARY KEY)",
    """
    CREATE OR REPLACE FUNCTION publications_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO publications_change VALUES (txid_current()) ON CONFLICT DO NOTHING;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION publications_raise_state() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM publications_change WHERE xid = NEW.xid;
        INSERT INTO publications_datastate AS state (id, number, demonstration)
        VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, false)
        ON CONFLICT (id) DO UPDATE SET number = GREATEST(state.number + 1, excluded.number);
        RETURN NULL;
    END $$
    """,
    "DROP TRIGGER IF EXISTS publications_raise_state ON publications_change",
    """
    CREATE CONSTRAINT TRIGGER publications_raise_state AFTER INSERT ON publications_change
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION publications_raise_state()
    """,
]
POSTGRESQL_TABLE = [
    'DROP TRIGGER IF EXISTS "{table}_state_{event}" ON "{table}"',
    """
    CREATE TRIGGER "{table}_state_{event}" AFTER {event} ON "{table}"
    FOR EACH STATEMENT EXECUTE FUNCTION publications_note_change()
    """,
]
