"""What the settings ask of the environment, seen from outside: `manage.py` started with one."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from olbin.sqlite import require_sqlite

PRODUCTION = {
    "SECRET_KEY": "a-secret-of-production-4f0c2b7e9d518a6c3b2e7f1a0d9c8b7a6",
    "ALLOWED_HOSTS": "publications.example.org",
}


def manage(tmp_path, *arguments, **variables):
    """Runs `manage.py` with exactly these variables of ours."""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **variables}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_without_a_secret_the_start_stops_and_names_the_variable(tmp_path, missing):
    variables = {name: value for name, value in PRODUCTION.items() if name != missing}

    run = manage(tmp_path, "check", **variables)

    assert run.returncode != 0
    assert f"{missing} is not set" in run.stderr


def test_production_settings_pass_the_deployment_checks(tmp_path):
    run = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert run.returncode == 0, run.stderr


def test_debug_alone_is_enough_to_develop(tmp_path):
    assert manage(tmp_path, "check", DEBUG="1").returncode == 0


def test_an_sqlite_that_is_too_old_is_refused():
    with pytest.raises(ImproperlyConfigured, match=r"SQLite 3\.33\.0 is too old.*DATABASE_URL"):
        require_sqlite((3, 33, 0))


def test_an_sqlite_without_full_text_search_is_refused(monkeypatch):
    class WithoutFts5:
        """Stands for a build without FTS5: the module is unknown, the rest works."""

        def execute(self, statement):
            import sqlite3

            raise sqlite3.OperationalError("no such module: fts5")

        def close(self):
            pass

    monkeypatch.setattr("olbin.sqlite.sqlite3.connect", lambda name: WithoutFts5())

    with pytest.raises(ImproperlyConfigured, match="FTS5"):
        require_sqlite()


def test_sqlite_connections_do_not_wait_for_readers_and_keep_foreign_keys(tmp_path):
    """Asked of a file: a database in memory, as in the other tests, has no write-ahead log."""
    asked = (
        "from django.db import connection as c\n"
        "for name in ('journal_mode', 'foreign_keys', 'busy_timeout'):\n"
        "    k = c.cursor(); k.execute('PRAGMA ' + name); print(k.fetchone()[0])\n"
    )

    run = manage(tmp_path, "shell", "--verbosity", "0", "-c", asked, DEBUG="1")

    assert run.stdout.split() == ["wal", "1", "30000"], run.stderr
