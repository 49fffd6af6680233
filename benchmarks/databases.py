"""Fresh databases to measure on."""

from pathlib import Path
from urllib.parse import urlsplit

import psycopg

OUT = Path(__file__).resolve().parent / "out"


class Sqlite:
    name = "SQLite"

    def __init__(self, size):
        self.data_dir = OUT / f"sqlite-{size}"
        self.file = self.data_dir / "olbin.sqlite3"
        self.url = f"sqlite:///{self.file}"

    def create(self):
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)

    def settle(self):
        """SQLite keeps no statistics of its own accord."""


class PostgreSQL:
    """The database that ``url`` names is dropped and made anew, so its name must say that it may be."""

    name = "PostgreSQL"

    def __init__(self, size, url):
        parts = urlsplit(url)
        self.database = f"{parts.path.lstrip('/')}_{size}"
        if "bench" not in self.database:
            raise SystemExit(
                f"BENCH_DATABASE_URL names the database {parts.path.lstrip('/')!r}, which would be dropped. "
                "Name one with “bench” in it, for example postgres://user@host/olbin_bench"
            )
        self.data_dir = OUT / f"postgresql-{size}"
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
