"""What this site asks of SQLite: a version, full-text search, and how a connection is set up."""

import sqlite3

from django.core.exceptions import ImproperlyConfigured

OLDEST = (3, 34, 0)

# WAL: readers never wait for a writer. NORMAL is safe with WAL: a power cut may
# undo the last commits, it never corrupts. IMMEDIATE takes the write lock at BEGIN,
# where the busy timeout applies, instead of failing half-way through a transaction.
# The cache (16 MB, in a connection that is kept) holds an index of a million positions.
OPTIONS = {
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-16000;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
}


def require_sqlite(version=sqlite3.sqlite_version_info):
    """Stop the start when SQLite is older than `OLDEST` or was built without FTS5."""
    if version < OLDEST:
        raise ImproperlyConfigured(
            "SQLite {} is too old: {} or later is needed. Set DATABASE_URL to use PostgreSQL instead.".format(
                ".".join(map(str, version)), ".".join(map(str, OLDEST))
            )
        )
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(words)")
    except sqlite3.OperationalError as error:
        raise ImproperlyConfigured(
            "This SQLite was built without FTS5, which the search needs. "
            "Set DATABASE_URL to use PostgreSQL instead."
        ) from error
    finally:
        connection.close()
