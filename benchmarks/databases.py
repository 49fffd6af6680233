"""Fresh databases to measure on."""

import os
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

OUT = Path(__file__).resolve().parent / "out"
HOST = "bench.example.org"


def databases(name):
    """The databases to measure ``name`` on; SQLite always, PostgreSQL when BENCH_DATABASE_URL names one."""
    url = os.environ.get("BENCH_DATABASE_URL")
    return [Sqlite(name), *([PostgreSQL(name, url)] if url else [])]


def run(database, *arguments):
    """Runs Python with production settings on ``database``; what it prints. Ends the benchmark on failure."""
    environment = {
        **os.environ,
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": HOST,
        "DATA_DIR": str(database.data_dir),
        "DATABASE_URL": database.url,
    }
    environment.pop("DEBUG", None)
    done = subprocess.run([sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed; see above")
    return done.stdout


def create(database):
    """An empty database with our tables, and the static files beside it."""
    database.data_dir.mkdir(parents=True, exist_ok=True)
    database.create()
    run(database, "manage.py", "migrate", "--verbosity", "0")
    run(database, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")


class Database:
    """``data_dir`` is its own; a file in it tells that the database is filled."""

    @property
    def filled(self):
        return self.data_dir / "filled"


class Sqlite(Database):
    name = "SQLite"

    def __init__(self, name):
        self.data_dir = OUT / f"sqlite-{name}"
        self.file = self.data_dir / "olbin.sqlite3"
        self.url = f"sqlite:///{self.file}"

    def create(self):
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)

    def settle(self):
        """SQLite keeps no statistics of its own accord."""


class PostgreSQL(Database):
    """The database that ``url`` names is dropped and made anew, so its name must say that it may be."""

    name = "PostgreSQL"

    def __init__(self, name, url):
        parts = urlsplit(url)
        self.database = f"{parts.path.lstrip('/')}_{name}"
        if "bench" not in self.database:
            raise SystemExit(
                f"BENCH_DATABASE_URL names the database {parts.path.lstrip('/')!r}, which would be dropped. "
                "Name one with “bench” in it, for example postgres://user@host/olbin_bench"
            )
        self.data_dir = OUT / f"postgresql-{name}"
        self.url = parts._replace(path=f"/{self.database}").geturl()
        self.server = parts._replace(path="/postgres").geturl()

    def create(self):
        name = psycopg.sql.Identifier(self.database)
        with psycopg.connect(self.server, autocommit=True) as server:
            server.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
            server.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(name))

    def settle(self):
        """What autovacuum does within minutes."""
        with psycopg.connect(self.url, autocommit=True) as database:
            database.execute("VACUUM ANALYZE")
