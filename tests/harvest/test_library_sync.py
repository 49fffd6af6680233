"""Library sync against the stand-in."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from harvest import library_sync
from harvest.ads.errors import AdsAuthError, AdsError, AdsRateLimited
from harvest.library_sync import Options, SyncRefused, SyncTrouble
from harvest.models import BlocklistEntry, Candidate, HarvestRun, SyncPlan
from publications.models import DataState, Library, LibraryEntry, Paper, TagAssignment
from tests.factories import HiddenTagFactory, PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
A, B, C = "2020A&A...641A..85C", "2020A&A...641A..86C", "2020A&A...641A..87C"
OLD = "2020arXiv200100001C"


@pytest.fixture(autouse=True)
def _papers_at_ads(ads_sandbox):
    for bibcode in (A, B, C):
        ads_sandbox.add(bibcode)


def sync(ads, **options):
    return library_sync.sync_libraries(ads, options=Options(**options))


def edit(ads_sandbox, name, add=(), remove=()):
    """Somebody edits a library at ADS."""
    library = ads_sandbox.libraries.named(name)
    library.bibcodes = [code for code in [*library.bibcodes, *add] if code not in remove]


def test_libraries_are_made_and_hold_exactly_the_right_bibcodes(ads, ads_sandbox):
    PaperFactory(bibcode=A, tags=[TagFactory(name="VLTI"), HiddenTagFactory(name="JMMC")])
    PaperFactory(bibcode=B, refereed=False, tags=[TagFactory(name="VLTI")])
    PaperFactory(bibcode="2023MNRAS.tmp.1234X")
    BlocklistEntry.objects.create(bibcode=C, reason="only-cites")

    sync(ads)

    assert ads_sandbox.held("olbin-refereed") == {A}
    assert ads_sandbox.held("tag-olbin VLTI") == {A, B}
    assert ads_sandbox.held("olbin-blocklist") == {C}
    assert "tag-olbin JMMC" not in {library.name for library in ads_sandbox.libraries.known.values()}


def test_second_run_writes_nothing(ads, ads_sandbox):
    PaperFactory(bibcode=A, tags=[TagFactory(name="VLTI")])
    PaperFactory(bibcode="1999ApJ...525L..97M")  # not known to ADS
    sync(ads)
    ads_sandbox.calls.clear()

    run = sync(ads)

    assert ads_sandbox.writes() == []
    assert run.changed == 0
    assert not run.plans.exclude(state="waiting").exists()


def test_dry_run_stores_the_plan_and_writes_nothing(ads, ads_sandbox):
    PaperFactory(bibcode=A)
    sync(ads)
    PaperFactory(bibcode=B)
    ads_sandbox.calls.clear()

    run = sync(ads, dry_run=True)

    plan = run.plans.get(library__name="olbin-refereed")
    assert (plan.ads_add, plan.state) == ([B], "planned")
    assert ads_sandbox.writes() == []
    sync(ads)
    assert ads_sandbox.held("olbin-refereed") == {A, B}


def test_dry_run_prints_the_plan_of_libraries_that_ads_lacks_too(ads, ads_sandbox, capsys):
    PaperFactory(bibcode=A)
    call_command("sync_libraries", "--dry-run")
    told = capsys.readouterr().out.splitlines()
    line = next(number for number, text in enumerate(told) if ": olbin-refereed" in text)
    assert told[line].endswith("(planned) at ADS + 1 the library would be made at ADS")
    assert told[line + 1] == f"  at ADS + {A}"
    assert ads_sandbox.writes() == []
    assert not Library.objects.exclude(ads_id=None).exists()


def test_library_that_ads_has_under_the_name_waits_for_a_person(ads, ads_sandbox):
    ads_sandbox.library("olbin-refereed", [B])
    PaperFactory(bibcode=A)

    run = sync(ads)
    assert ads_sandbox.held("olbin-refereed") == {B}
    assert any("olbin-refereed: ADS has a library of this name" in message for message in run.messages)

    plan = sync(ads, adopt=True, dry_run=True).plans.get(library__name="olbin-refereed")
    assert (plan.ads_add, plan.foreign_add, plan.state) == ([A], [B], "planned")
    assert not Library.objects.exclude(ads_id=None).filter(name="olbin-refereed").exists()
    assert ads_sandbox.held("olbin-refereed") == {B}

    run = sync(ads, adopt=True)
    assert ads_sandbox.held("olbin-refereed") == {A, B}
    assert any("somebody added 1 at ADS" in message for message in run.messages)

    sync(ads, overwrite=frozenset({"olbin-refereed"}))
    assert ads_sandbox.held("olbin-refereed") == {A}


def test_only_the_id_counts_once_bound(ads, ads_sandbox):
    PaperFactory(bibcode=A)
    sync(ads)
    ads_sandbox.libraries.named("olbin-refereed").name = "renamed at ADS"
    PaperFactory(bibcode=B)
    sync(ads)
    assert ads_sandbox.held("renamed at ADS") == {A, B}


def test_long_tag_has_a_short_library_and_one_only(ads, ads_sandbox):
    PaperFactory(bibcode=A, tags=[TagFactory(name="A tag with a name " * 4 + "one")])
    PaperFactory(bibcode=B, tags=[TagFactory(name="A tag with a name " * 4 + "two")])
    sync(ads)
    sync(ads)
    held = [set(lib.bibcodes) for lib in ads_sandbox.libraries.known.values() if lib.name.startswith("tag")]
    assert sorted(map(sorted, held)) == [[A], [B]]


def test_blocklist_is_merged_three_ways(ads, ads_sandbox):
    BlocklistEntry.objects.create(bibcode=A, reason="only-cites")
    BlocklistEntry.objects.create(bibcode=B, reason="duplicate")
    sync(ads)
    edit(ads_sandbox, "olbin-blocklist", add=[C], remove=[A])
    BlocklistEntry.objects.get(bibcode=B).delete()

    sync(ads)

    assert ads_sandbox.held("olbin-blocklist") == {C}
    assert list(BlocklistEntry.objects.values_list("bibcode", "reason")) == [(C, "uncurated")]
    assert BlocklistEntry.history.filter(bibcode=A, history_type="-").exists()


def test_foreign_changes_of_our_library_are_reported_and_stay(ads, ads_sandbox):
    PaperFactory(bibcode=A)
    PaperFactory(bibcode=B)
    sync(ads)
    edit(ads_sandbox, "olbin-refereed", add=[C], remove=[A])

    for _ in range(2):
        run = sync(ads)
        assert ads_sandbox.held("olbin-refereed") == {B, C}
        assert sum("olbin-refereed: somebody" in message for message in run.messages) == 2


def test_paper_under_an_old_bibcode_is_the_same_entry(ads, ads_sandbox):
    ads_sandbox.add(OLD)
    paper = PaperFactory(bibcode=OLD)
    sync(ads)
    ads_sandbox.corpus.publish(OLD, "2021A&A...645A...1C")
    ads_sandbox.calls.clear()
    sync(ads)
    assert ads_sandbox.writes() == []

    paper.bibcode = "2021A&A...645A...1C"
    paper.save()
    sync(ads)
    assert ads_sandbox.held("olbin-refereed") == {"2021A&A...645A...1C"}


def test_paper_added_under_an_alias_is_sent_by_its_present_bibcode(ads, ads_sandbox):
    ads_sandbox.add(OLD)
    ads_sandbox.corpus.publish(OLD, "2021A&A...645A...1C")
    PaperFactory(bibcode=OLD)
    sync(ads)
    ads_sandbox.calls.clear()
    sync(ads)
    assert ads_sandbox.held("olbin-refereed") == {"2021A&A...645A...1C"}
    assert ads_sandbox.writes() == []


def test_mass_removal_waits_for_consent_to_exactly_these(ads, ads_sandbox, curator):
    papers = [PaperFactory() for _ in range(30)]
    for paper in papers:
        ads_sandbox.add(paper.bibcode)
    sync(ads)
    for paper in papers[:12]:
        paper.refereed = False
        paper.save()

    run = sync(ads)

    plan = run.plans.get(library__name="olbin-refereed")
    assert (plan.state, len(plan.ads_remove)) == ("waiting", 12)
    assert len(ads_sandbox.held("olbin-refereed")) == 30
    plan.consented_by = curator
    library_sync.sync_libraries(ads, curator, Options(consent={plan.library_id: plan}))
    assert len(ads_sandbox.held("olbin-refereed")) == 18


def test_empty_wanted_list_and_emptied_ads_list_wait(ads, ads_sandbox):
    paper = PaperFactory(bibcode=A)
    BlocklistEntry.objects.create(bibcode=B, reason="duplicate")
    sync(ads)
    paper.refereed = False
    paper.save()
    edit(ads_sandbox, "olbin-blocklist", remove=[B])

    sync(ads)

    assert ads_sandbox.held("olbin-refereed") == {A}
    assert BlocklistEntry.objects.filter(bibcode=B).exists()
    assert SyncPlan.objects.filter(state="waiting", library__name__startswith="olbin-").count() == 2


def test_demonstration_data_is_never_written_to_the_real_ads(ads, ads_sandbox, settings):
    DataState.mark_demonstration()
    settings.ADS_API_URL = "https://ads.example.org/v1"
    with pytest.raises(SyncRefused, match="demonstration data"):
        sync(ads)
    assert ads_sandbox.calls == []


def test_plan_can_be_undone_on_both_sides(ads, ads_sandbox, curator):
    PaperFactory(bibcode=A)
    BlocklistEntry.objects.create(bibcode=C, reason="duplicate")
    sync(ads)
    PaperFactory(bibcode=B)
    edit(ads_sandbox, "olbin-blocklist", add=[B])
    BlocklistEntry.objects.get(bibcode=C).delete()
    run = sync(ads)

    library_sync.undo(ads, run.plans.get(library__name="olbin-refereed"), curator)
    sync(ads)

    assert ads_sandbox.held("olbin-refereed") == {A}
    with pytest.raises(SyncRefused):
        library_sync.undo(ads, SyncPlan.objects.get(state="undone"), curator)


def test_their_list_is_copied(ads, ads_sandbox):
    library = ads_sandbox.library("jmmc-non-interfero", [A, B])
    Library.objects.create(name="jmmc-non-interfero", ads_id=library.id)
    sync(ads)
    edit(ads_sandbox, "jmmc-non-interfero", add=[C], remove=[A])
    sync(ads)
    entries = LibraryEntry.objects.filter(library__name="jmmc-non-interfero")
    assert set(entries.values_list("bibcode", flat=True)) == {B, C}
    assert ads_sandbox.held("jmmc-non-interfero") == {B, C}


def test_plan_of_their_list_is_not_undone_here(ads, ads_sandbox, curator):
    library = ads_sandbox.library("jmmc-non-interfero", [A, B])
    Library.objects.create(name="jmmc-non-interfero", ads_id=library.id)
    plan = sync(ads).plans.get(library__name="jmmc-non-interfero")
    with pytest.raises(SyncRefused, match="ADS keeps this list"):
        library_sync.undo(ads, plan, curator)
    assert LibraryEntry.objects.filter(library__name="jmmc-non-interfero").count() == 2
    plan.refresh_from_db()
    assert plan.state == "applied"


def test_candidates_are_sent(ads, ads_sandbox):
    Candidate.objects.create(bibcode=A, year=2020)
    sync(ads)
    assert ads_sandbox.held("olbin-candidates") == {A}


FAULTS = {
    "500": {"kind": "status", "status": 500},
    "502": {"kind": "status", "status": 502},
    "504": {"kind": "status", "status": 504},
    "429 short": {"kind": "status", "status": 429, "headers": {"Retry-After": "2"}},
    "drop before": {"kind": "drop_before"},
    "drop after": {"kind": "drop_after"},
    "cut": {"kind": "cut"},
    "broken": {"kind": "broken_json"},
    "html": {"kind": "html"},
}


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "lasting"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("call", [0, 4, 8, 12])
def test_fault_at_any_call_loses_doubles_and_removes_nothing(ads, ads_sandbox, fault, call, lasting):
    first = PaperFactory(bibcode=A, tags=[TagFactory(name="VLTI")])
    BlocklistEntry.objects.create(bibcode=C, reason="duplicate")
    sync(ads)
    PaperFactory(bibcode=B, tags=[TagFactory(name="VLTI"), TagFactory(name="CHARA")])
    TagAssignment.objects.filter(paper=first).delete()
    edit(ads_sandbox, "olbin-blocklist", add=["1999ApJ...525L..97M"])
    ads_sandbox.fail(**fault, skip=call, times=None if lasting else 1)

    try:
        sync(ads)
    except AdsError:
        run = HarvestRun.objects.first()
        assert run.status == "failed"
        assert run.errors
    ads_sandbox.faults.clear()
    sync(ads)

    assert ads_sandbox.held("olbin-refereed") == {A, B}
    assert ads_sandbox.held("tag-olbin VLTI") == {B}
    assert ads_sandbox.held("tag-olbin CHARA") == {B}
    assert len([lib for lib in ads_sandbox.libraries.known.values() if lib.name == "tag-olbin CHARA"]) == 1
    assert set(BlocklistEntry.objects.values_list("bibcode", flat=True)) == {C, "1999ApJ...525L..97M"}
    ads_sandbox.calls.clear()
    sync(ads)
    assert ads_sandbox.writes() == []


@pytest.mark.parametrize("refereed", [True, False], ids=["added", "removed"])
def test_what_a_sync_that_was_cut_had_sent_counts_as_ours(ads, ads_sandbox, refereed):
    PaperFactory(bibcode=A)
    PaperFactory(bibcode=B, refereed=not refereed)
    sync(ads)
    Paper.objects.filter(bibcode=B).update(refereed=refereed)
    # The write reaches ADS, and nobody hears of it.
    ads_sandbox.fail("drop_after", "documents", times=None)
    with pytest.raises(AdsError):
        sync(ads)
    assert (B in ads_sandbox.held("olbin-refereed")) is refereed
    ads_sandbox.faults.clear()
    Paper.objects.filter(bibcode=B).update(refereed=not refereed)

    run = sync(ads)

    assert (B in ads_sandbox.held("olbin-refereed")) is not refereed
    assert not [message for message in run.messages if "somebody" in message]


def test_bad_token_ends_the_run_at_once(ads, ads_sandbox):
    ads_sandbox.fail("status", status=401, body='{"error": "Unauthorized"}', times=None)
    with pytest.raises(AdsAuthError):
        sync(ads)
    assert len(ads_sandbox.calls) == 1
    assert "ADS_API_TOKEN" in HarvestRun.objects.get().errors[0]


def test_quota_used_up_half_way_ends_the_run_and_the_next_goes_on(ads, ads_sandbox):
    for number, bibcode in enumerate((A, B, C)):
        PaperFactory(bibcode=bibcode, tags=[TagFactory(name=f"T{number}")])
    ads_sandbox.limits["biblib/documents"] = 2
    with pytest.raises(AdsRateLimited):
        sync(ads)
    assert "used up" in HarvestRun.objects.get().errors[0] or "too many" in HarvestRun.objects.get().errors[0]

    ads_sandbox.limits.clear()
    ads.session.quotas.known.clear()
    sync(ads)
    assert [ads_sandbox.held(f"tag-olbin T{number}") for number in range(3)] == [{A}, {B}, {C}]


def test_library_deleted_at_ads_empties_nothing_here(ads, ads_sandbox):
    PaperFactory(bibcode=A)
    BlocklistEntry.objects.create(bibcode=C, reason="duplicate")
    sync(ads)
    del ads_sandbox.libraries.known[Library.objects.get(name="olbin-blocklist").ads_id]
    PaperFactory(bibcode=B)

    with pytest.raises(SyncTrouble, match="olbin-blocklist"):
        sync(ads)

    assert BlocklistEntry.objects.count() == 1
    assert ads_sandbox.held("olbin-refereed") == {A, B}
    assert "does not exist at ADS any more" in HarvestRun.objects.first().errors[0]


def test_listing_that_is_cut_short_removes_nothing_here(ads, ads_sandbox):
    library = ads_sandbox.library("jmmc-non-interfero", [A, B, C])
    Library.objects.create(name="jmmc-non-interfero", ads_id=library.id)
    for bibcode in (A, B):
        BlocklistEntry.objects.create(bibcode=bibcode, reason="duplicate")
    sync(ads)
    edit(ads_sandbox, "olbin-blocklist", add=[C])
    ads_sandbox.fail("short_page", "raw", times=None)
    with pytest.raises(AdsError):
        sync(ads, only=frozenset({"olbin-blocklist", "jmmc-non-interfero"}))
    assert BlocklistEntry.objects.count() == 2
    assert LibraryEntry.objects.filter(library__name="jmmc-non-interfero").count() == 3


def test_library_whose_id_was_cleared_is_made_anew_and_whole(ads, ads_sandbox, admin_client):
    PaperFactory(bibcode=A)
    BlocklistEntry.objects.create(bibcode=C, reason="duplicate")
    sync(ads)
    ads_sandbox.libraries.known.clear()
    for library in Library.objects.all():
        page = reverse("admin:publications_library_change", args=[library.pk])
        answer = admin_client.post(page, {"name": library.name, "ads_id": "", "public": "on"})
        assert answer.status_code == 302

    run = sync(ads)

    assert ads_sandbox.held("olbin-refereed") == {A}
    assert ads_sandbox.held("olbin-blocklist") == {C}
    assert BlocklistEntry.objects.count() == 1
    assert not [message for message in run.messages if "somebody" in message]


def test_library_is_bound_by_a_whole_id_or_its_address(admin_client):
    library = Library.objects.create(name="jmmc-papers")
    page = reverse("admin:publications_library_change", args=[library.pk])
    answer = admin_client.post(page, {"name": library.name, "ads_id": "jmmc"})
    assert "22 letters, digits" in answer.content.decode()
    address = "https://ads.example.org/public-libraries/pRN5RlNoSkqiszbpwt_PgA/"
    admin_client.post(page, {"name": library.name, "ads_id": address})
    library.refresh_from_db()
    assert library.ads_id == "pRN5RlNoSkqiszbpwt_PgA"


def test_library_changed_meanwhile_keeps_both_changes(ads, ads_sandbox):
    PaperFactory(bibcode=A)
    BlocklistEntry.objects.create(bibcode=A, reason="duplicate")
    sync(ads)
    BlocklistEntry.objects.create(bibcode=B, reason="duplicate")
    ads_sandbox.fail(
        "do", "documents", method="POST",
        action=lambda sandbox: edit(sandbox, "olbin-blocklist", add=["1999ApJ...525L..97M"]),
    )  # fmt: skip
    sync(ads)
    sync(ads)
    assert ads_sandbox.held("olbin-blocklist") == {A, B, "1999ApJ...525L..97M"}
    assert BlocklistEntry.objects.count() == 3


def test_paper_that_is_tagged_during_the_sync_is_sent_with_it(ads, ads_sandbox, monkeypatch):
    vlti = TagFactory(name="VLTI")
    PaperFactory(bibcode=A, tags=[vlti])
    read = library_sync.identifiers_of_papers

    def then_somebody_accepts():
        known = read()
        PaperFactory(bibcode=B, tags=[vlti])
        return known

    monkeypatch.setattr(library_sync, "identifiers_of_papers", then_somebody_accepts)
    assert sync(ads).status == "done"
    assert ads_sandbox.held("tag-olbin VLTI") == {A, B}
