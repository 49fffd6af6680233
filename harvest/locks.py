"""At most one at a time, over processes and, on PostgreSQL, over machines.

The holder's death releases: the operating system drops a file's lock, PostgreSQL a session's.
"""

import fcntl
import time
import zlib
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

# Who looks whether a lock is held has it for a moment: seconds until we try again, and how often.
MOMENT, TRIES = 0.02, 3


class Taken(Exception):
    """Somebody else holds the lock."""


class CannotLock(Exception):
    """The folder of the locks cannot be used; the message says why."""


@contextmanager
def only_one(name):
    """Hold the lock ``name`` during the block.

    Raises
    ------
    Taken, CannotLock
    """
    with opened(name) as file:
        for left in reversed(range(TRIES)):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if not left:
                    raise Taken(name) from error
                time.sleep(MOMENT)
        with database_lock(name):
            yield


def is_held(name):
    """Whether somebody holds the lock ``name`` now. On PostgreSQL the database knows, of all machines."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database "
                "WHERE locktype = 'advisory' AND classid = 0 AND objid = %s "
                "AND datname = current_database())",
                [key_of(name)],
            )
            return cursor.fetchone()[0]
    try:
        with open(file_of(name)) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def file_of(name):
    return settings.DATA_DIR / "locks" / f"{name}.lock"


def opened(name):
    file = file_of(name)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return open(file, "w")
    except OSError as error:
        raise CannotLock(f"{file} of DATA_DIR cannot be written: {error.strerror}") from error


def key_of(name):
    return zlib.crc32(f"olbin {name}".encode())


@contextmanager
def database_lock(name):
    if connection.vendor != "postgresql":
        yield
        return
    key = key_of(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            raise Taken(name)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
