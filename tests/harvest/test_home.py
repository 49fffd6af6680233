"""The dashboard of the desk."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from harvest import curation
from harvest.desk.home import schedule
from harvest.desk.waiting import LINES
from harvest.models import (
    Candidate,
    DeskVisit,
    EndpointQuota,
    HarvestRun,
    PaperFlag,
    SearchRule,
    Suggestion,
    TagReview,
)
from publications.models import Library, SourceRecord, TagAssignment
from publications.models.history import act, create_with_history
from tests.factories import PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
HOME = "/admin/"


def waiting(desk):
    return {line.title: count for line, count in desk.get(HOME).context["waiting"]}


def text(answer):
    return " ".join(answer.content.decode().split())


def candidates(number, **values):
    start = Candidate.objects.count()
    return Candidate.objects.bulk_create(
        Candidate(bibcode=f"2020A&A...641A{n:.>4}C", year=2020, title="x", abstract="y" * 1000, **values)
        for n in range(start, start + number)
    )


def test_each_thing_that_waits_is_counted_and_leads_to_its_list(desk):
    paper, other = PaperFactory(), PaperFactory()
    candidates(3)
    candidates(1, postponed_until=timezone.now().date() + timedelta(days=3))
    TagReview.objects.create(paper=paper, rule=SearchRule.objects.first(), missing=True, query="x")
    PaperFlag.objects.create(paper=paper, kind="merge", other=other)
    PaperFlag.objects.create(paper=paper, kind="vanished")
    Suggestion.objects.create(kind="missing", identifier="x")
    Library.objects.create(name="x")
    Library.objects.create(name="y", ads_id="y", held=1, tag=TagFactory())
    HarvestRun.objects.create(job="sync", status="failed", finished_at=timezone.now())
    HarvestRun.objects.create(job="harvest", status="failed", finished_at=timezone.now())
    HarvestRun.objects.create(job="harvest", status="done", finished_at=timezone.now())
    assert waiting(desk) == {
        "candidates to decide": 3,
        "tags that a search rule finds missing": 1,
        "papers that break a rule of consistency": 2,
        "papers to merge": 1,
        "papers that vanished, were retracted or have an erratum": 1,
        "suggestions of visitors": 1,
        "libraries that wait for a person": 1,
        "libraries out of step with ADS": 1,
        "jobs whose last run failed": 1,
    }
    pages = {line.title: desk.get(line.address) for line in LINES}
    assert {answer.status_code for answer in pages.values()} == {200}
    assert [row.candidate.title for row in pages["candidates to decide"].context["rows"]] == ["x"] * 3
    assert [number for *_, number in pages["tags that a search rule finds missing"].context["rules"]] == [1]
    assert pages["papers that break a rule of consistency"].context["papers"] == 2


def test_nobody_is_told_of_work_that_is_not_theirs(client, django_user_model):
    candidates(1)
    HarvestRun.objects.create(job="sync", status="done", finished_at=timezone.now())
    client.force_login(django_user_model.objects.create_user("guest", is_staff=True))
    page = text(client.get(HOME))
    assert "Nothing waits for you" in page
    assert "candidate" not in page.split("<main")[1]
    assert "Run now" not in page


def test_news_are_what_happened_since_the_visit_before(desk, curator):
    ada = User.objects.create_user("ada")
    old, new = timezone.now() - timedelta(days=9), timezone.now() - timedelta(days=1)
    assert "New since" in text(desk.get(HOME))
    DeskVisit.objects.update(opened_at=timezone.now() - timedelta(days=2))

    for found, moment in zip(candidates(5), [old, old, new, new, new], strict=True):
        Candidate.objects.filter(pk=found.pk).update(found_at=moment)
    mine, hers, *_ = Candidate.objects.order_by("pk")
    curation.block(mine, "only-cites", "", curator)
    curation.block(hers, "only-cites", "", ada)
    with act("tagged one paper", ada) as tagging:
        create_with_history(
            TagAssignment, [TagAssignment(paper=PaperFactory(), tag=TagFactory(), given_by=ada)]
        )
    HarvestRun.objects.create(job="sync", status="failed", finished_at=new)
    HarvestRun.objects.create(job="sync", status="done", finished_at=old)

    page = text(desk.get(HOME))
    hers = f'ada: <a href="/admin/activity/{tagging.pk}/">tagged one paper</a>'
    for said in ("3 new candidates", "1 blocked by ada", "1 tag given to papers by others", "1 run failed",
                 hers, "your last visit"):  # fmt: skip
        assert said in page
    assert "by curator" not in page
    # Looking again within the visit makes nothing old.
    assert "3 new candidates" in text(desk.get(HOME))


def test_sources_tell_when_they_were_read(desk):
    at = datetime(2026, 3, 1, 4, 5, tzinfo=UTC)
    for source, moment in (("jmdc", at), ("telbib", at + timedelta(days=1))):
        HarvestRun.objects.create(job="source", status="done", finished_at=moment,
                                  queries=[{"query": f"{source}, from a file", "found": 2}])  # fmt: skip
    HarvestRun.objects.create(job="source", status="failed", finished_at=at, queries=[{"query": "oidb"}])
    for n in range(2):
        SourceRecord.objects.create(source="jmdc", bibcode=f"2020A&A...641A...{n}C")
    rows = {name: (rows, read) for name, _, rows, read in desk.get(HOME).context["sources"]}
    assert rows["JMDC"] == (2, at)
    assert rows["ESO telbib"] == (0, at + timedelta(days=1))
    assert rows["OiDB"] == (0, None)


def test_quota_that_began_anew_is_whole_again(desk):
    past, future = (int((timezone.now() + timedelta(hours=h)).timestamp()) for h in (-1, 1))
    EndpointQuota.objects.create(endpoint="search/query", limit=5000, remaining=3, reset=past)
    EndpointQuota.objects.create(endpoint="search/bigquery", limit=100, remaining=7, reset=future)
    EndpointQuota.objects.create(endpoint="export")
    page = text(desk.get(HOME))
    assert "3 of 5000" not in page
    assert "7 of 100" in page
    assert "? of ?" in page


def test_schedule_tells_the_next_minute_that_the_crontab_means():
    due = schedule()["harvest.tasks.harvest"]
    assert (due.hour, due.minute) == (2, 15)
    assert timezone.now() < due <= timezone.now() + timedelta(days=1, minutes=1)


def test_every_job_can_be_started_and_tells_its_last_run(desk, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1/0"
    run = HarvestRun.objects.create(job="refresh", status="done", finished_at=timezone.now(), found=431)
    page = text(desk.get(HOME))
    for name in ("harvest", "mine_citations", "sync_libraries", "refresh_all", "recheck_tags", "read_telbib"):
        assert f'action="{reverse("admin:run-job", args=[name])}"' in page
    assert reverse("admin:run", args=[run.pk]) in page
    assert "431 found" in page
    assert "02:15" in page


def test_page_asks_as_many_queries_for_50_of_everything_as_for_one(
    desk, curator, django_assert_max_num_queries
):
    ada = User.objects.create_user("ada")

    def grow(number):
        candidates(number)
        for _ in range(number):
            paper = PaperFactory()
            tag = TagFactory()
            with act("tagged", ada):
                create_with_history(TagAssignment, [TagAssignment(paper=paper, tag=tag, given_by=ada)])
            HarvestRun.objects.create(job="harvest", status="done", finished_at=timezone.now())
            Library.objects.create(name=f"tag {tag.pk}", tag=tag, ads_id=f"id {tag.pk}", held=1)

    grow(1)
    desk.get(HOME)
    with django_assert_max_num_queries(70) as asked:
        desk.get(HOME)
    at_one = len(asked)
    grow(49)
    with django_assert_max_num_queries(at_one):
        desk.get(HOME)


def test_source_that_failed_is_told_though_another_was_read_since(desk):
    for about, status in (("JMDC", "failed"), ("ESO telbib", "done")):
        HarvestRun.objects.create(job="source", about=about, status=status, finished_at=timezone.now())
    assert waiting(desk)["jobs whose last run failed"] == 1
    shown = text(desk.get("/admin/"))
    assert "JMDC: <a" in shown
    assert "ESO telbib: <a" in shown
