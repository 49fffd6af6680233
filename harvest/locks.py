"""At most one at a time, over processes and, on PostgreSQL, over machines.

The holder's death releases: the operating system drops a file's lock, PostgreSQL a session's.
"""

import fcntl
import zlib
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


class Taken(Exception):
    """Somebody else holds the lock."""


@contextmanager
def only_one(name):
    """Hold the lock ``name`` during the block.

    Raises
    ------
    Taken
    """
    folder = settings.DATA_DIR / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Taken(name) from error
        with database_lock(name):
            yield


@contextmanager
def database_lock(name):
    if connection.vendor != "postgresql":
        yield
        return
    key = zlib.crc32(f"olbin {name}".encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            raise Taken(name)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
