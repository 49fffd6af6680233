"""Jobs that a person starts in the admin, and the page of a run."""

import os
import signal
import socket
from contextlib import closing
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command, load_command_class
from django.urls import reverse
from django.utils import timezone

from harvest.desk.runs import JOBS
from harvest.jobs import recorded
from harvest.locks import only_one
from harvest.models import HarvestRun
from harvest.start import start
from tests.harvest.site import free_port, kill, own_redis, served, until_ended

VLTI = "an optical interferometer, the VLTI"
HTMX = {"HX-Request": "true"}


def page(desk, run, **headers):
    return desk.get(reverse("admin:run", args=[run.pk]), headers=headers).content.decode()


@pytest.mark.django_db
def test_page_of_a_run_tells_what_it_did(desk, curator):
    def job():
        with recorded(HarvestRun.Job.HARVEST, by=curator) as run:
            run.progress("rule VLTI", 3, 7)
            run.progress("rule CHARA", 4, 7)
            run.found = 431
            run.queries.append({"rule": "VLTI", "query": '=full:"VLTI"', "found": 99})
            run.messages.append("a block has ended")
            raise ValueError("no such star")

    with pytest.raises(ValueError, match="no such star"):
        job()
    text = page(desk, HarvestRun.objects.get())
    for said in (
        "failed", "for curator", "431", "rule VLTI", "rule CHARA", "99 found", "=full:&quot;VLTI&quot;",
        "a block has ended", "ValueError: no such star",
    ):  # fmt: skip
        assert said in text


@pytest.mark.django_db
def test_only_a_run_at_work_is_followed(desk):
    with recorded(HarvestRun.Job.HARVEST) as run:
        run.progress("searching", 1, 4)
        part = page(desk, run, **HTMX)
        assert 'hx-trigger="every' in part
        assert '<progress value="1" max="4">' in part
        assert "<html" not in part
    assert "hx-trigger" not in page(desk, run, **HTMX)


@pytest.mark.django_db
def test_run_whose_process_died_is_shown_as_interrupted(desk):
    run = HarvestRun.objects.create(job="harvest", step="searching")
    assert "ended in the middle, at “searching”" in page(desk, run)
    assert "hx-trigger" not in page(desk, run)
    with only_one(HarvestRun(job="sync").lock):
        assert HarvestRun.objects.get().lost
    with only_one(run.lock):
        assert not HarvestRun.objects.get().lost


@pytest.mark.django_db
def test_who_looks_whether_a_run_lives_never_keeps_it_from_starting():
    run = HarvestRun(job="harvest")
    for _ in range(20):
        assert run.live
        with only_one(run.lock):
            pass


@pytest.mark.django_db
def test_child_that_never_began_is_told_after_a_minute(desk, curator, settings):
    settings.CELERY_BROKER_URL = ""
    run = HarvestRun.objects.create(job="harvest", status="waiting", by=curator)
    assert "did not begin" not in page(desk, run)
    HarvestRun.objects.update(started_at=timezone.now() - timedelta(seconds=61))
    assert "did not begin" in page(desk, run)
    settings.CELERY_BROKER_URL = "redis://busy"
    assert "did not begin" not in page(desk, run)


@pytest.mark.django_db
def test_what_stops_a_command_before_it_begins_stands_in_its_row(curator, settings):
    settings.ADS_API_TOKEN, settings.ADS_API_URL = "", "https://api.adsabs.harvard.edu/v1"
    run = start("harvest", by=curator)
    with pytest.raises(CommandError):
        call_command("harvest", f"--run={run.pk}")
    run.refresh_from_db()
    assert run.status == "failed"
    assert run.errors[0].startswith("ADS_API_TOKEN is not set")
    assert HarvestRun.objects.count() == 1


@pytest.mark.django_db
def test_second_start_leads_to_the_run_at_work(desk, curator):
    with recorded(HarvestRun.Job.REFRESH, by=curator) as run:
        for name in ("refresh_recent", "refresh_all"):
            answer = desk.post(reverse("admin:run-job", args=[name]), follow=True)
            assert answer.redirect_chain[0][0] == reverse("admin:run", args=[run.pk])
            assert "at work already" in answer.content.decode()
            assert "for curator" in answer.content.decode()
    assert HarvestRun.objects.count() == 1


@pytest.mark.django_db
def test_starting_is_a_post_of_a_known_job_by_who_may(desk, client, django_user_model):
    assert desk.get(reverse("admin:run-job", args=["harvest"])).status_code == 405
    answer = desk.post(reverse("admin:run-job", args=["dance"]), follow=True)
    assert "There is no job “dance”" in answer.content.decode()
    client.force_login(django_user_model.objects.create_user("stranger", is_staff=True))
    assert client.post(reverse("admin:run-job", args=["harvest"])).status_code == 403
    assert not HarvestRun.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", JOBS)
def test_every_job_of_the_desk_is_a_command_of_its_kind(name, curator):
    job = JOBS[name]
    run = start(job.command, *job.arguments, by=curator)
    assert (run.job, run.status, run.by) == (job.kind, "waiting", curator)
    command = load_command_class("harvest", job.command)
    assert command.create_parser("manage.py", job.command).parse_args([*job.arguments, f"--run={run.pk}"])


def test_job_started_on_a_page_runs_without_a_broker_and_is_followed(site, ads_sandbox):
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI)
    with served(site) as ask:
        answer = ask("/admin/runs/start/harvest/", now="yes")
        assert "/admin/runs/1/" in answer.url
        assert "waits" in answer.text or "hx-trigger" in answer.text
        assert "<dd>1</dd>" in until_ended(ask, "/admin/runs/1/")
    assert site.rows("SELECT job, status FROM harvest_harvestrun") == [("harvest", "done")]
    assert site.rows("SELECT bibcode FROM harvest_candidate") == [("2020A&A...641A..85C",)]


def test_job_started_on_a_page_runs_in_a_worker(site, ads_sandbox, tmp_path):
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI)
    with own_redis(tmp_path) as redis:
        broker = os.environ.get("TEST_BROKER_URL") or redis
        if broker is None:
            pytest.skip("no TEST_BROKER_URL and no redis-server on this machine")
        site.environment["CELERY_BROKER_URL"] = broker
        with served(site) as ask:
            assert "waits to begin" in ask("/admin/runs/start/harvest/", now="yes").text
            worker = site.start(
                "-m", "celery", "-A", "olbin", "worker", "--concurrency", "1", "--pidfile", "",
                "--without-gossip", "--without-mingle",
            )  # fmt: skip
            try:
                assert "<dd>1</dd>" in until_ended(ask, "/admin/runs/1/")
            finally:
                kill(worker, signal.SIGTERM)
    assert site.rows("SELECT job, status FROM harvest_harvestrun") == [("harvest", "done")]


@pytest.mark.parametrize("broker", ["is down", "hangs"])
def test_broker_that_does_not_answer_is_told_at_once(site, broker):
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = free_port() if broker == "is down" else silent.getsockname()[1]
        site.environment["CELERY_BROKER_URL"] = f"redis://127.0.0.1:{port}/0"
        with served(site) as ask:
            assert "the broker does not answer" in ask("/admin/runs/start/harvest/", now="yes").text


@pytest.mark.django_db
def test_run_that_the_broker_lost_is_told_after_the_longest_job(settings):
    settings.CELERY_BROKER_URL = "redis://busy"
    HarvestRun.objects.create(job="harvest", status="waiting")
    for seconds, lost in ((settings.LONGEST_JOB - 60, False), (settings.LONGEST_JOB + 60, True)):
        HarvestRun.objects.update(started_at=timezone.now() - timedelta(seconds=seconds))
        assert HarvestRun.objects.get().lost is lost
    assert HarvestRun.alive("harvest") is None


@pytest.mark.django_db
def test_locks_that_cannot_be_written_fail_the_run_in_words(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "file"
    settings.DATA_DIR.touch()
    with pytest.raises(
        CommandError, match=r"locks/job-consistency\.lock of DATA_DIR cannot be written: Not a dir"
    ):
        call_command("check_consistency")
    run = HarvestRun.objects.get()
    assert run.status == "failed"
    assert "cannot be written" in run.errors[0]
