"""Real processes: a worker over a real broker, two at once, killed ones."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import threading
import time
from contextlib import closing
from itertools import pairwise

import pytest

from tests.harvest.site import ROOT, Site, free_port, kill, own_redis

VLTI = "an optical interferometer, the VLTI"
RUNS = "SELECT job, status FROM harvest_harvestrun ORDER BY id"
PAPERS = """
from publications.models import Journal, Paper
journal = Journal.objects.create(bibstem="A&A")
for n in range({number}):
    bibcode = f"2012A&A...540A{{n:.>4}}D"
    Paper(bibcode=bibcode, year=2012, journal=journal, title="x", refereed=True).save()
"""
EVERY_SECOND = """
from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks
second = IntervalSchedule.objects.create(every=1, period="seconds")
tasks = PeriodicTask.objects.filter(task__in=["harvest.tasks.harvest", "harvest.tasks.sync_libraries"])
PeriodicTask.objects.update(enabled=False)
tasks.update(enabled=True, crontab=None, interval=second)
PeriodicTasks.update_changed()
"""


def count(job, status):
    return lambda rows: rows.count((job, status)) >= 1


def add_papers(site, ads_sandbox, number):
    site.shell(PAPERS.format(number=number))
    for n in range(number):
        ads_sandbox.add(f"2012A&A...540A{n:.>4}D")


@pytest.mark.timeout(300)
def test_two_workers_and_beat_run_the_scheduled_jobs_one_at_a_time(site, ads_sandbox, tmp_path):
    """The broker is TEST_BROKER_URL, else a Redis server of the test's own."""
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI)
    add_papers(site, ads_sandbox, 3)
    site.shell(EVERY_SECOND)
    with own_redis(tmp_path) as redis:
        broker = os.environ.get("TEST_BROKER_URL") or redis
        if broker is None:
            pytest.skip("no TEST_BROKER_URL and no redis-server on this machine")
        site.environment["CELERY_BROKER_URL"] = broker
        workers = [worker(site, "first", "--beat"), worker(site, "second")]
        try:
            site.wait_for(
                RUNS,
                lambda rows: rows.count(("harvest", "done")) > 2 and rows.count(("sync", "done")) > 2,
                seconds=200,
            )
        finally:
            for process in workers:
                kill(process, signal.SIGTERM)
    assert site.rows("SELECT bibcode, status FROM harvest_candidate") == [("2020A&A...641A..85C", "pending")]
    assert len(ads_sandbox.held("olbin-refereed")) == 3
    ended = site.rows(
        "SELECT job, started_at, finished_at FROM harvest_harvestrun "
        "WHERE finished_at IS NOT NULL ORDER BY job, started_at"
    )
    for (job, _, finished), (next_job, started, _) in pairwise(ended):
        assert job != next_job or started >= finished


def worker(site, name, *options):
    return site.start(
        "-m", "celery", "-A", "olbin", "worker", *options, "--concurrency", "2", "--loglevel", "info",
        "--hostname", f"{name}@%h", "--without-gossip", "--without-mingle", "--pidfile", "",
    )  # fmt: skip


def test_same_jobs_run_without_a_broker(site, ads_sandbox):
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI)
    assert "1 new" in site.manage("harvest").stdout
    site.manage("sync_libraries")
    assert ads_sandbox.held("olbin-candidates") == {"2020A&A...641A..85C"}
    assert site.rows(RUNS) == [("harvest", "done"), ("sync", "done")]


def test_second_process_is_told_that_the_job_runs(site, ads_sandbox):
    may_answer = threading.Event()
    ads_sandbox.fail("do", "search", action=lambda sandbox: may_answer.wait(60))
    first = site.start("manage.py", "harvest")
    try:
        site.wait_for(RUNS, count("harvest", "running"))
        second = site.manage("harvest", check=False)
        assert second.returncode == 1
        assert "runs already" in second.stderr
        assert "Traceback" not in second.stderr
    finally:
        may_answer.set()
        assert first.wait(timeout=60) == 0
    assert site.rows(RUNS) == [("harvest", "done")]


def kill_at_random_moments(site, ads_sandbox, times):
    """Start syncs and kill each at some call; then one that may finish."""
    for seed in range(times):
        calls = random.Random(seed).randint(1, 25)
        already = len(ads_sandbox.calls)
        process = site.start("manage.py", "sync_libraries")
        end = time.monotonic() + 30
        while len(ads_sandbox.calls) < already + calls and process.poll() is None and time.monotonic() < end:
            time.sleep(0.001)
        kill(process)
    return site.manage("sync_libraries")


def test_killed_sync_loses_and_doubles_nothing(site, ads_sandbox):
    add_papers(site, ads_sandbox, 450)
    kill_at_random_moments(site, ads_sandbox, 5)

    assert len(ads_sandbox.held("olbin-refereed")) == 450
    names = [library.name for library in ads_sandbox.libraries.known.values()]
    assert len(names) == len(set(names))
    statuses = [status for _, status in site.rows(RUNS)]
    assert set(statuses) <= {"interrupted", "done"}
    assert statuses[-1] == "done"
    ads_sandbox.calls.clear()
    site.manage("sync_libraries")
    assert ads_sandbox.writes() == []


def test_killed_harvest_leaves_all_or_nothing(site, ads_sandbox):
    for n in range(40):
        ads_sandbox.add(f"2020A&A...641A..{n:0>2}C", body=VLTI)
    for calls in (1, 10, 28):
        already = len(ads_sandbox.calls)
        process = site.start("manage.py", "harvest")
        while len(ads_sandbox.calls) < already + calls and process.poll() is None:
            time.sleep(0.001)
        kill(process)
        assert site.rows("SELECT COUNT(*) FROM harvest_candidate") in ([(0,)], [(40,)])
    site.manage("harvest")
    assert site.rows("SELECT COUNT(*) FROM harvest_candidate") == [(40,)]


DECIDE = """
from django.contrib.auth.models import User
from harvest import curation
from harvest.models import Candidate
person = User.objects.create_user("person")
first, second, third = Candidate.objects.pending().filter(refereed=True).order_by("bibcode")[:3]
curation.accept(first, [], person)
curation.block(second, "only-cites", "", person)
curation.block(third, "not-interferometry", "", person)
"""
SIDES = """
import json
from harvest.models import BlocklistEntry, Candidate
from publications.models import Paper, SourceRecord, Tag
refereed = Paper.objects.filter(refereed=True)
jmdc = SourceRecord.objects.filter(source="jmdc")
tags = Tag.objects.filter(category__public=True)
print(json.dumps({
    **{f"tag-olbin {tag.name}": list(tag.papers.values_list("bibcode", flat=True)) for tag in tags},
    "jmdc-csv": list(jmdc.values_list("bibcode", flat=True)),
    "jmdc-csv-interfero": list(jmdc.filter(interferometric=True).values_list("bibcode", flat=True)),
    **dict.fromkeys(["telbib-vlti", "oidb-pubs", "olbin-tag-curated", "olbin-tag-reviewed"], []),
    "olbin-refereed": list(refereed.values_list("bibcode", flat=True)),
    "olbin-blocklist": list(BlocklistEntry.objects.values_list("bibcode", flat=True)),
    "olbin-candidates": list(Candidate.objects.pending().values_list("bibcode", flat=True)),
}))
"""


@pytest.mark.timeout(300)
def test_newcomer_harvests_decides_and_syncs_without_a_token_as_the_readme_says(migrated_database, tmp_path):
    """The stand-ins with the demonstration data, as `make sandbox` starts them."""
    ads, simbad = free_port(), free_port()
    site = Site(migrated_database(), tmp_path, f"http://127.0.0.1:{ads}/v1")
    site.environment["SIMBAD_TAP_URL"] = f"http://127.0.0.1:{simbad}/sim-tap"
    stand_ins = site.start(
        "-m", "tests.sandbox", "--port", str(ads), "--simbad-port", str(simbad),
        "--state", str(tmp_path / "ads.json"),
    )  # fmt: skip
    try:
        site.manage("load_demo")
        while not (answers(ads) and answers(simbad)):
            time.sleep(0.1)
        first, sync, again, sync_again, resolve = readme_commands()
        found = int(re.search(r"(\d+) new", site.manage(first).stdout)[1])
        assert found > 20
        site.shell(DECIDE)
        site.manage(sync)
        held = {library["name"]: set(library["bibcodes"]) for library in stored(tmp_path)}
        sides = site.shell(SIDES)
        short = {name: name if len(name) <= 50 else f"{name[:47]}..." for name in sides}
        assert held == {short[name]: set(bibcodes) for name, bibcodes in sides.items()}
        assert len(held) > 100

        before = stored(tmp_path)
        assert "0 new, 0 changed" in site.manage(again).stdout
        assert "0 changed" in site.manage(sync_again).stdout
        assert stored(tmp_path) == before
        assert "calls to SIMBAD" in site.manage(resolve).stdout
    finally:
        kill(stand_ins, signal.SIGTERM)


def readme_commands():
    """What the README tells a newcomer to type, in order."""
    part = (ROOT / "README.md").read_text().split("# another terminal")[1].split("```")[0]
    return re.findall(r"\.venv/bin/python manage\.py (\w+) ", part)


def stored(folder):
    return json.loads((folder / "ads.json").read_text())


def answers(port):
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


BLOCK_ALL = """
from django.contrib.auth.models import User
from harvest import curation
from harvest.models import Candidate
person = User.objects.create_user("person")
for candidate in Candidate.objects.pending():
    curation.block(candidate, "only-cites", "", person)
"""


def test_decisions_made_while_a_search_runs_are_kept(site, ads_sandbox):
    for n in range(5):
        ads_sandbox.add(f"2020A&A...641A..{n:0>2}C", title="before", body=VLTI)
    site.manage("harvest")
    for record in ads_sandbox.corpus.records.values():
        record.title = "after"
    ads_sandbox.fail("do", "search", action=lambda sandbox: site.shell(BLOCK_ALL))
    assert "0 new" in site.manage("harvest").stdout
    assert set(site.rows("SELECT status, title FROM harvest_candidate")) == {("blocked", "before")}
    assert site.rows("SELECT COUNT(*) FROM harvest_blocklistentry") == [(5,)]


def test_interrupted_command_says_so_and_its_run_what_it_had_called(site, ads_sandbox):
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI)
    ads_sandbox.fail("slow", "search", seconds=20, skip=3, times=None)
    process = site.start("manage.py", "harvest", stderr=subprocess.PIPE)
    site.wait_for("SELECT done FROM harvest_harvestrun", lambda rows: rows and rows[0][0] > 1)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.decode().splitlines()[-1] == "interrupted; it can be started again"
    assert b"Traceback" not in said
    ads_sandbox.faults.clear()
    site.manage("harvest")
    (first, second) = site.rows("SELECT status, calls FROM harvest_harvestrun ORDER BY id")
    assert (first[0], second[0]) == ("interrupted", "done")
    assert "search/query" in str(first[1])
