"""Time of a cone search: in the database, over HTTP through gunicorn, and as plain SQL beside it.

``python -m benchmarks.cone --positions 100000 [--database URL]``. The database must be empty or
one that this benchmark filled; without ``--database`` it is an SQLite file in a directory of its own.
"""

import argparse
import http.client
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RADII = (0.1, 1.0, 5.0)
# Median ms of DaCHS 2.7 with q3c over HTTP for six columns, 2 cores, warm; by number of positions.
DACHS = {100_000: (13.4, 14.9, 18.4), 1_000_000: (16.9, 16.7, 39.9)}
PAPERS = 20_000
CONES = 60
BATCH = 5000
PORT = 8765


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cone", description=__doc__)
    parser.add_argument("--positions", type=int, default=100_000)
    parser.add_argument("--database", help="address of an empty PostgreSQL database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cone-") as directory:
        environment = {
            "SECRET_KEY": secrets.token_urlsafe(60),
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECURE_SSL_REDIRECT": "0",
            "DJANGO_SETTINGS_MODULE": "olbin.settings",
            "DATA_DIR": directory,
            "DATABASE_URL": options.database or f"sqlite:///{directory}/bench.sqlite3",
        }
        os.environ.pop("DEBUG", None)
        os.environ.update(environment)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("collectstatic", interactive=False, verbosity=0)
        fill(options.positions)
        report(options.positions)


def fill(positions):
    """A sky of random positions, one paper for each, every paper with two tags and two authors."""
    from django.core.management import call_command

    from publications.models import Target, TargetLink

    call_command("migrate", verbosity=0)
    if Target.objects.count() == positions:
        return
    if Target.objects.exists():
        sys.exit("this database is not empty; give another one")
    papers = make_papers()
    rng = random.Random(1)
    for first in range(0, positions, BATCH):
        numbers = range(first, min(first + BATCH, positions))
        targets = Target.objects.bulk_create(
            [
                Target(pk=n + 1, name=f"T {n}", slug=f"t-{n}", ra=rng.uniform(0, 360), dec=declination(rng))
                for n in numbers
            ]
        )
        TargetLink.objects.bulk_create(
            [
                TargetLink(paper_id=rng.choice(papers), target_id=target.pk, kind="listed")
                for target in targets
            ]
        )
    analyze()


def declination(rng):
    from math import asin, degrees

    return degrees(asin(rng.uniform(-1, 1)))


def make_papers():
    from publications.models import Author, Authorship, Category, Journal, Paper, Tag, TagAssignment

    journal = Journal.objects.create(bibstem="A&A")
    authors = [Author.spelled(f"Author{n}, A.") for n in range(500)]
    for author in authors:
        author.save()
    tags = []
    for name in ("Facility", "Instrument", "Topic"):
        category = Category.objects.create(name=name)
        tags += [Tag.objects.create(name=f"{name} {n}", category=category) for n in range(20)]
    papers = []
    for n in range(PAPERS):
        bibcode = f"2012A&A..{n // 10000:.>4}A{n % 10000:.>4}X"
        paper = Paper(
            pk=n + 1, bibcode=bibcode, title=f"Paper {n}", year=2012, journal=journal, citations=n % 90
        )
        paper.derive()
        papers.append(paper)
    Paper.objects.bulk_create(papers, batch_size=BATCH)
    rng = random.Random(2)
    Authorship.objects.bulk_create(
        [Authorship(paper=p, author=rng.choice(authors), position=k) for p in papers for k in (1, 2)],
        batch_size=BATCH,
    )
    TagAssignment.objects.bulk_create(
        [TagAssignment(paper=p, tag=t) for p in papers for t in rng.sample(tags, 2)], batch_size=BATCH
    )
    return [paper.pk for paper in papers]


def analyze():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def cones(radius, seed=3):
    rng = random.Random(seed)
    return [(rng.uniform(0, 360), declination(rng), radius) for _ in range(CONES)]


def median_ms(act, items):
    for item in items[:5]:
        act(item)
    times = []
    for item in items:
        begin = time.perf_counter()
        act(item)
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def in_database(cone):
    from publications.models import Target

    return list(Target.objects.in_cone(*cone).values_list("pk", "ra", "dec"))


def plain_sql(cone):
    """The same rows with nothing but an index on declination's zones and the exact test."""
    from django.db import connection

    from publications import sky

    ra, dec, radius = cone
    x, y, z = sky.unit_vector(ra, dec)
    sql = (
        "SELECT id, ra, dec FROM publications_target WHERE zone BETWEEN %s AND %s "
        "AND (x-(%s))*(x-(%s)) + (y-(%s))*(y-(%s)) + (z-(%s))*(z-(%s)) <= %s"
    )
    zones = [sky.zone_of(max(dec - radius, -90)), sky.zone_of(min(dec + radius, 90))]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*zones, x, x, y, y, z, z, sky.chord_squared(radius)])
        return cursor.fetchall()


class Server:
    """gunicorn with one worker, as a client with a kept connection sees it."""

    def __enter__(self):
        command = [sys.executable, "-m", "gunicorn", "olbin.wsgi", "-b", f"127.0.0.1:{PORT}", "-w", "1",
                   "-k", "gthread", "--threads", "2", "--log-level", "error"]  # fmt: skip
        self.process = subprocess.Popen(command)
        for _ in range(100):
            try:
                self.connection = http.client.HTTPConnection("127.0.0.1", PORT)
                self.connection.connect()
                break
            except OSError:
                time.sleep(0.1)
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.process.terminate()
        self.process.wait()

    def ask(self, verbosity):
        def act(cone):
            ra, dec, radius = cone
            self.connection.request("GET", f"/vo/conesearch?RA={ra}&DEC={dec}&SR={radius}&VERB={verbosity}")
            response = self.connection.getresponse()
            body = response.read()
            if response.status != 200 or b"</VOTABLE>" not in body:
                sys.exit(f"the server answered {response.status}: {body[:200]}")
            return body

        return act

    def memory(self):
        """The most memory that the server's processes have used so far, MB (Linux)."""
        pids = [str(self.process.pid)]
        pids += Path(f"/proc/{pids[0]}/task/{pids[0]}/children").read_text().split()
        lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
        return max(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))

    def links(self):
        """Rows and seconds of the whole link table."""
        begin, rows, end = time.perf_counter(), 0, b""
        self.connection.request("GET", "/vo/links.vot")
        response = self.connection.getresponse()
        while piece := response.read(1 << 20):
            rows += (end + piece).count(b"<TR>")
            end = piece[-3:]
        return rows, time.perf_counter() - begin


def report(positions):
    from django.db import connection

    print(f"{connection.vendor}, {positions:,} positions: median ms of {CONES} random cones")
    print("radius   rows  in database    plain SQL  HTTP VERB=1  HTTP VERB=2     DaCHS")
    with Server() as server:
        for radius, dachs in zip(RADII, DACHS.get(positions, ("-",) * 3), strict=True):
            asked = cones(radius)
            rows = statistics.mean(len(in_database(cone)) for cone in asked)
            times = [median_ms(act, asked) for act in (in_database, plain_sql, server.ask(1), server.ask(2))]
            columns = "".join(f"{milliseconds:13.2f}" for milliseconds in times)
            print(f"{radius:6} {rows:6.1f}{columns}{dachs:>10}")
        before = server.memory()
        rows, seconds = server.links()
        print(f"/vo/links.vot: {rows:,} rows, {rows / seconds:,.0f} rows/s, "
              f"memory {before:.0f} MB before, {server.memory():.0f} MB at most")  # fmt: skip


if __name__ == "__main__":
    main()
