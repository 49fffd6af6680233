"""The desk's pages of our ADS libraries: how they stand, and a person's word on them."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from harvest import library_sync
from harvest.library_sync import Options
from harvest.models import BlocklistEntry, Candidate, HarvestRun, SyncPlan
from publications.models import Library
from tests.factories import PaperFactory, TagFactory
from tests.harvest.site import served, until_ended
from tests.harvest.test_library_sync import A, B, C, edit

MANY = [f"2020A&A...641A..{n}C" for n in range(10, 30)]


@pytest.fixture(autouse=True)
def _papers_at_ads(ads_sandbox):
    for bibcode in (A, B, C, *MANY):
        ads_sandbox.add(bibcode)


@pytest.fixture
def other(django_user_model):
    person = django_user_model.objects.create_user("ada", is_staff=True)
    person.groups.add(Group.objects.get(name="curator"))
    browser = Client()
    browser.force_login(person)
    return browser


def sync(ads, **options):
    return library_sync.sync_libraries(ads, options=Options(**options))


def text(answer):
    return answer.content.decode()


def row(desk, name, show="all"):
    rows = desk.get(reverse("admin:libraries"), {"show": show}).context["rows"]
    return next((row for row in rows if row["library"].name == name), None)


def waiting_plan(ads):
    """Twenty papers were sent, and lost the tag since: the next sync waits for a person."""
    tag = TagFactory(name="VLTI")
    for bibcode in MANY:
        PaperFactory(bibcode=bibcode, tags=[tag])
    sync(ads)
    tag.assignments.all().delete()
    sync(ads)
    return SyncPlan.objects.get(state="waiting", library__tag=tag)


def end_of_the_job():
    HarvestRun.objects.filter(finished_at=None).update(status="done", finished_at="2026-01-01T00:00Z")


@pytest.mark.django_db
def test_each_library_tells_how_it_stands(desk, ads, ads_sandbox):
    PaperFactory(bibcode=A, title="A star", tags=[TagFactory(name="VLTI")])
    sync(ads)
    found = row(desk, "tag-olbin VLTI")
    assert (found["here"], found["library"].held, found["state"]) == (1, 1, "in step")
    assert row(desk, "olbin-blocklist")["truth"] == "both sides"
    assert row(desk, "jmmc-papers")["truth"] == "ADS"
    assert row(desk, "jmmc-papers")["state"] == "waits for a person"

    PaperFactory(bibcode=B)
    assert row(desk, "olbin-refereed", show="out-of-step")["state"] == "out of step"
    edit(ads_sandbox, "tag-olbin VLTI", add=[C], remove=[A])
    sync(ads)
    found = row(desk, "tag-olbin VLTI", show="waiting")
    assert (found["state"], found["library"].held) == ("changed at ADS", 1)
    page = text(desk.get(reverse("admin:library", args=[found["library"].pk])))
    assert "added at ADS by somebody" in page
    assert "A star" in page
    assert C in page.replace("&amp;", "&")


@pytest.mark.django_db
def test_drift_is_forgotten_when_it_is_gone(desk, ads, ads_sandbox):
    PaperFactory(bibcode=A)
    sync(ads)
    edit(ads_sandbox, "olbin-refereed", add=[B])
    sync(ads)
    assert row(desk, "olbin-refereed")["state"] == "changed at ADS"
    sync(ads, only=frozenset({"olbin-refereed"}), overwrite=frozenset({"olbin-refereed"}))
    assert row(desk, "olbin-refereed")["state"] == "in step"
    assert ads_sandbox.held("olbin-refereed") == {A}


@pytest.mark.django_db
def test_before_a_person_agrees_every_removal_is_shown(desk, ads):
    plan = waiting_plan(ads)
    page = text(desk.get(reverse("admin:library-consent", args=[plan.library_id, plan.pk])))
    assert all(bibcode in page.replace("&amp;", "&") for bibcode in MANY)
    assert not SyncPlan.objects.get(pk=plan.pk).consented_by
    assert not HarvestRun.objects.filter(finished_at=None).exists()


@pytest.mark.django_db
def test_of_two_who_agree_the_second_is_told_by_whom(desk, other, ads, curator):
    plan = waiting_plan(ads)
    address = reverse("admin:library-consent", args=[plan.library_id, plan.pk])
    first, second = desk.post(address, follow=True), other.post(address, follow=True)
    run = HarvestRun.objects.get(status="waiting")
    assert first.redirect_chain[0][0] == second.redirect_chain[0][0] == reverse("admin:run", args=[run.pk])
    assert "Curator agreed to this plan already" in text(second)
    assert SyncPlan.objects.get(pk=plan.pk).consented_by == curator


@pytest.mark.django_db
def test_who_agreed_before_ads_failed_may_agree_again(desk, ads):
    plan = waiting_plan(ads)
    address = reverse("admin:library-consent", args=[plan.library_id, plan.pk])
    desk.post(address)
    end_of_the_job()
    desk.post(address)
    assert HarvestRun.objects.filter(status="waiting").count() == 1


@pytest.mark.django_db
def test_plan_that_was_made_anew_is_not_agreed_to(desk, ads):
    plan = waiting_plan(ads)
    address = reverse("admin:library-consent", args=[plan.library_id, plan.pk])
    sync(ads)
    assert "planned anew" in text(desk.post(address, follow=True))
    assert "planned anew" in text(desk.get(address, follow=True))
    assert not HarvestRun.objects.filter(finished_at=None).exists()


@pytest.mark.django_db
def test_undo_is_of_an_applied_plan_only(desk, ads):
    plan = waiting_plan(ads)
    answer = desk.post(reverse("admin:library-undo", args=[plan.library_id, plan.pk]), follow=True)
    assert "waits for a person" in text(answer)
    assert not HarvestRun.objects.filter(finished_at=None).exists()


@pytest.mark.django_db
def test_nothing_is_started_beside_a_sync_at_work(desk, ads):
    PaperFactory(bibcode=A)
    sync(ads)
    library = Library.objects.get(name="olbin-refereed")
    for act in ("plan", "overwrite", "adopt"):
        desk.post(reverse(f"admin:library-{act}", args=[library.pk]))
        answer = desk.post(reverse(f"admin:library-{act}", args=[library.pk]), follow=True)
        assert "being synced at the moment for curator" in text(answer)
        assert HarvestRun.objects.filter(status="waiting").count() == 1
        end_of_the_job()


@pytest.mark.django_db
def test_person_without_the_right_looks_only(client, ads, django_user_model):
    plan = waiting_plan(ads)
    person = django_user_model.objects.create_user("guest", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_syncplan"))
    client.force_login(person)
    assert "Agree to this plan" not in text(client.get(reverse("admin:library", args=[plan.library_id])))
    for act, arguments in {"consent": [plan.pk], "undo": [plan.pk], "overwrite": [], "plan": []}.items():
        address = reverse(f"admin:library-{act}", args=[plan.library_id, *arguments])
        assert client.post(address).status_code == 403


@pytest.mark.django_db
def test_pages_ask_as_many_queries_for_50_libraries_as_for_one(desk, django_assert_max_num_queries):
    def grow(numbers):
        for n in numbers:
            library = Library.objects.create(name=f"tag-olbin {n}", ads_id=f"id{n}", tag=TagFactory(), held=1)
            for _ in range(2):
                SyncPlan.objects.create(library=library, state="applied", ads_add=[A, B])

    grow(range(1))
    desk.get(reverse("admin:libraries"))
    with django_assert_max_num_queries(40) as asked:
        desk.get(reverse("admin:libraries"))
    at_one = len(asked)
    grow(range(1, 50))
    with django_assert_max_num_queries(at_one):
        desk.get(reverse("admin:libraries"))


@pytest.mark.django_db
def test_titles_are_those_of_papers_candidates_and_blocks(desk):
    PaperFactory(bibcode=A, title="A star")
    Candidate.objects.create(bibcode=B, title="A disc", year=2020)
    BlocklistEntry.objects.create(bibcode=C)
    library = Library.objects.create(name="x", ads_id="y")
    SyncPlan.objects.create(library=library, ads_add=[A, B, C], state="applied")
    page = text(desk.get(reverse("admin:library", args=[library.pk])))
    assert "A star" in page
    assert "A disc" in page
    assert "(blocked)" in page


SENT_AND_LOST = """
from publications.models import Category, Journal, Paper, Tag, TagAssignment
tag = Tag.objects.create(name="VLTI", category=Category.objects.create(name="Facility"))
journal = Journal.objects.create(bibstem="A&A")
for n in range(10, 30):
    bibcode = f"2020A&A...641A..{n}C"
    paper = Paper(bibcode=bibcode, year=2020, journal=journal, title="x", refereed=True)
    paper.save()
    TagAssignment.objects.create(paper=paper, tag=tag)
"""


def test_agreed_removals_are_carried_out_by_the_job_that_the_page_starts(site, ads_sandbox):
    site.shell(SENT_AND_LOST)
    site.manage("sync_libraries")
    site.shell("from publications.models import TagAssignment; TagAssignment.objects.all().delete()")
    site.manage("sync_libraries")
    assert len(ads_sandbox.held("tag-olbin VLTI")) == 20
    ((library, plan),) = site.rows(
        "SELECT p.library_id, p.id FROM harvest_syncplan p JOIN publications_library l "
        "ON l.id = p.library_id WHERE p.state = 'waiting' AND l.name = 'tag-olbin VLTI'"
    )
    with served(site) as ask:
        answer = ask(f"/admin/libraries/{library}/consent/{plan}/", sure="yes")
        until_ended(ask, answer.url[answer.url.index("/admin/") :])
    assert ads_sandbox.held("tag-olbin VLTI") == set()
    assert site.rows("SELECT state FROM harvest_syncplan ORDER BY id DESC LIMIT 1") == [("applied",)]


def test_library_is_in_step_though_ads_does_not_know_all_of_it(desk, ads):
    tag = TagFactory(name="VLTI")
    PaperFactory(bibcode=A, tags=[tag])
    PaperFactory(bibcode="1999ApJ...525L..97M", tags=[tag])  # not known to ADS
    sync(ads)
    assert row(desk, "tag-olbin VLTI")["state"] == "in step"
    PaperFactory(bibcode=B, tags=[tag])
    assert row(desk, "tag-olbin VLTI")["state"] == "out of step"


def test_undo_of_a_plan_says_what_it_will_do(desk, ads):
    PaperFactory(bibcode=A, tags=[TagFactory(name="VLTI")])
    sync(ads)
    plan = SyncPlan.objects.get(library__name="tag-olbin VLTI")
    shown = text(desk.get(reverse("admin:library-undo", args=[plan.library_id, plan.pk])))
    assert "to be removed at ADS" in shown
    assert "to be added at ADS" not in shown
