"""The measurement of `benchmarks.cone`, in a process with its own database."""

import http.client
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

import django

from benchmarks.cone_sky import place
from benchmarks.databases import HOST

RADII = (0.1, 1.0, 5.0)
# Median ms of DaCHS 2.7 with q3c over HTTP for six columns, 2 cores, warm; by number of positions.
DACHS = {100_000: (13.4, 14.9, 18.4), 1_000_000: (16.9, 16.7, 39.9)}
CONES = 60
ROUNDS = 5
PORT = 8765


def main(positions):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "olbin.settings")
    django.setup()
    print(f"ms, median of {CONES} random cones {ROUNDS} times / of each cone's best; DaCHS: median over HTTP")
    print("radius    rows    in database      plain SQL     HTTP, VERB=1     HTTP, VERB=2   DaCHS")
    with Server() as server:
        for radius, dachs in zip(RADII, DACHS.get(positions, ("-",) * 3), strict=True):
            cones = random_cones(radius)
            rows = statistics.mean(len(in_database(cone)) for cone in cones)
            times = [
                times_of(act, cones) for act in (in_database, plain_sql, server.asked(1), server.asked(2))
            ]
            columns = " ".join(f"{median:7.2f} /{best:6.2f}" for median, best in times)
            print(f"{radius:6} {rows:7.1f} {columns} {dachs:>7}")
        before = server.memory()
        rows, seconds = server.links()
        print(
            f"/vo/links.vot: {rows:,} rows, {rows / seconds:,.0f} rows/s, "
            f"memory {before:.0f} MB before, {server.memory():.0f} MB at most"
        )


def random_cones(radius):
    rng = random.Random(3)
    return [(*place(rng), radius) for _ in range(CONES)]


def times_of(act, cones):
    """Milliseconds: the median of all, and the median of each cone's best, which other work disturbs less.

    The first round warms up.
    """
    rounds = [[clocked(act, cone) for cone in cones] for _ in range(ROUNDS + 1)][1:]
    return statistics.median(ms for one in rounds for ms in one), statistics.median(map(min, *rounds))


def clocked(act, cone):
    begin = time.perf_counter()
    act(cone)
    return (time.perf_counter() - begin) * 1000


def in_database(cone):
    from publications.models import Target

    return list(Target.objects.in_cone(*cone).values_list("pk", "ra", "dec"))


def plain_sql(cone):
    """The same rows with nothing but the index on zones of declination and the exact test."""
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

    headers = {"Host": HOST, "X-Forwarded-Proto": "https"}

    def __enter__(self):
        threads = ["--worker-class", "gthread", "--threads", "2", "--keep-alive", "300"]
        command = ["gunicorn", "olbin.wsgi", "--bind", f"127.0.0.1:{PORT}", *threads, "--log-level", "error"]
        self.process = subprocess.Popen([sys.executable, "-m", *command])
        for _ in range(300):
            try:
                self.connection = http.client.HTTPConnection("127.0.0.1", PORT)
                self.connection.connect()
                return self
            except OSError:
                time.sleep(0.1)
        raise SystemExit("gunicorn did not start")

    def __exit__(self, *_):
        self.connection.close()
        self.process.terminate()
        self.process.wait()

    def get(self, path):
        self.connection.request("GET", path, headers=self.headers)
        response = self.connection.getresponse()
        if response.status != 200:
            raise SystemExit(f"{path}: status {response.status}: {response.read(200)}")
        return response

    def asked(self, verbosity):
        def act(cone):
            ra, dec, radius = cone
            body = self.get(f"/vo/conesearch?RA={ra}&DEC={dec}&SR={radius}&VERB={verbosity}").read()
            if not body.endswith(b"</VOTABLE>\n"):
                raise SystemExit(f"the answer to {cone} broke off")

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
        response = self.get("/vo/links.vot")
        while piece := response.read(1 << 20):
            rows += (end + piece).count(b"<TR>")
            end = piece[-3:]
        return rows, time.perf_counter() - begin


if __name__ == "__main__":
    main(int(sys.argv[1]))
