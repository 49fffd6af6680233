"""Each fault of ADS in each job: nothing is lost, doubled or wrongly removed, and the run says so."""

import pytest

from harvest import adding, discovery, library_sync, miners, recheck, refresh
from harvest.ads.errors import AdsError
from harvest.models import BlocklistEntry, Candidate, HarvestRun, PaperFlag, PastedList, SearchRule
from publications.models import Paper, Tag, TagAssignment
from tests.factories import PaperFactory, TagFactory
from tests.harvest.conftest import client_of

pytestmark = pytest.mark.django_db
PAPER, TAGGED, BLOCKED, WAITING, NEW, UNBLOCKED = (f"2020A&A...641A..8{n}C" for n in range(6))
ALSO_BLOCKED = [f"2020A&A...642A..8{n}C" for n in range(3)]
CITED, PASTED = "2001A&A...541A...1X", "2003A&A...543A...1X"
PREPRINT, PUBLISHED = "2020arXiv200100001C", "2021A&A...645A...1C"
VLTI = "an optical interferometer, the VLTI"
HOURS = {"Retry-After": "28715"}

FAULTS = {
    "429 short": {"kind": "status", "status": 429, "headers": {"Retry-After": "2"}},
    "429 hours": {"kind": "status", "status": 429, "headers": HOURS},
    "401": {"kind": "status", "status": 401, "body": '{"error": "Unauthorized"}'},
    "500": {"kind": "status", "status": 500},
    "502": {"kind": "status", "status": 502},
    "504": {"kind": "status", "status": 504, "body": "504 Gateway Timeout"},
    "drop before": {"kind": "drop_before"},
    "drop after": {"kind": "drop_after"},
    "slow": {"kind": "slow", "seconds": 1.5},
    "cut": {"kind": "cut"},
    "broken": {"kind": "broken_json"},
    "html": {"kind": "html"},
    "partial": {"kind": "partial", "path": "search/"},
    "short page": {"kind": "short_page", "path": "search/|raw"},
}
NIGHTLY = {
    "harvest": discovery.discover,
    "sync": library_sync.sync_libraries,
    "refresh": refresh.refresh_papers,
    "recheck": recheck.recheck_tags,
}
JOBS = NIGHTLY | {
    "miners": miners.mine_citations,
    "add": lambda ads: adding.add_papers(ads, PastedList.objects.get()),
}
RECORDED_AS = {"miners": "harvest"}


@pytest.fixture(scope="module")
def in_step(stand_in):
    """The stand-in with everything in step, in a transaction around the tests of this file."""
    with stand_in() as sandbox:
        for bibcode in (PAPER, TAGGED, BLOCKED, PREPRINT, WAITING):
            sandbox.add(bibcode, title=f"The star {bibcode}", body=VLTI)
        for bibcode in (UNBLOCKED, *ALSO_BLOCKED):
            sandbox.add(bibcode)
        # Few calls for each job: one rule that labels.
        SearchRule.objects.of_kind("facility", "second", "group").exclude(name="VLTI").update(active=False)
        tag = TagFactory(name="VLTI")
        PaperFactory(bibcode=PAPER)
        PaperFactory(bibcode=TAGGED, tags=[tag])
        PaperFactory(bibcode=PREPRINT)
        for bibcode in (BLOCKED, UNBLOCKED, *ALSO_BLOCKED):
            BlocklistEntry.objects.create(bibcode=bibcode, reason="duplicate")
        SearchRule.objects.filter(name="Cited by many papers here").update(threshold=2)
        for job in NIGHTLY.values():
            job(client_of(sandbox))
        yield sandbox


@pytest.fixture
def ads_sandbox(in_step):
    with in_step.as_it_was():
        yield in_step


@pytest.fixture
def world(ads_sandbox, curator):
    """Everything in step; then something happened on each side."""
    tag = Tag.objects.get(name="VLTI")
    ads_sandbox.add(NEW, body=VLTI)
    for bibcode in (CITED, PASTED):
        ads_sandbox.add(bibcode)
    for bibcode in (PAPER, TAGGED):
        ads_sandbox.corpus.cite(bibcode, CITED)
    PastedList.objects.create(entries=[{"line": 1, "written": PASTED, "identifiers": [PASTED]}], by=curator)
    ads_sandbox.corpus.publish(PREPRINT, PUBLISHED)
    blocklist = ads_sandbox.libraries.named("olbin-blocklist")
    blocklist.bibcodes = [code for code in blocklist.bibcodes if code != UNBLOCKED]
    TagAssignment.objects.create(paper=Paper.objects.get(bibcode=PAPER), tag=tag)
    SearchRule.objects.filter(name="VLTI").update(query='=full:("VLTI" OR "Paranal")')
    ads_sandbox.calls.clear()
    return ads_sandbox


def papers():
    return set(Paper.objects.values_list("bibcode", flat=True))


def pending():
    return sorted(Candidate.objects.pending().values_list("bibcode", flat=True))


def blocked():
    return set(BlocklistEntry.objects.values_list("bibcode", flat=True))


def outcome(job, ads):
    """The run of a job, and the error that ended it or None."""
    try:
        return JOBS[job](ads), None
    except AdsError as error:
        return HarvestRun.objects.first(), error


@pytest.mark.parametrize(("skip", "lasting"), [(2, False), (0, True), (1, True)], ids=["once", "all", "most"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("job", JOBS)
def test_a_fault_loses_doubles_and_removes_nothing(ads, world, job, fault, skip, lasting):
    world.fail(**FAULTS[fault], skip=skip, times=None if lasting else 1)
    if fault == "slow":
        ads.session.timeout = (2, 0.5)

    run, error = outcome(job, ads)

    if error is None:
        assert not lasting or skip
        assert (run.job, run.status, run.errors) == (RECORDED_AS.get(job, job), "done", [])
    else:
        assert (run.job, run.status) == (RECORDED_AS.get(job, job), "failed")
        assert str(error) in run.errors
        # What may pass by itself is tried again before a run gives up.
        assert lasting or fault in ("429 hours", "401", "short page")
    assert sum(run.calls.values()) >= len(world.calls)
    assert papers() in ({PAPER, TAGGED, PREPRINT}, {PAPER, TAGGED, PUBLISHED})
    proposes = {"harvest": NEW, "miners": CITED, "add": PASTED}.get(job, WAITING)
    assert set(pending()) in ({WAITING}, {WAITING, proposes})
    assert blocked() - {UNBLOCKED} == {BLOCKED, *ALSO_BLOCKED}
    assert not PaperFlag.objects.exists()
    assert world.held("olbin-refereed") >= {PAPER, TAGGED}
    assert world.held("tag-olbin VLTI") >= {TAGGED}

    world.faults.clear()
    ads.session.timeout = (2, 20)
    for repaired in ("refresh", "harvest", "miners", "add", "recheck", "sync"):
        JOBS[repaired](ads)
    assert papers() == {PAPER, TAGGED, PUBLISHED}
    assert pending() == [CITED, PASTED, WAITING, NEW]
    assert blocked() == world.held("olbin-blocklist") == {BLOCKED, *ALSO_BLOCKED}
    assert world.held("olbin-refereed") == papers()
    assert world.held("olbin-candidates") == {CITED, PASTED, WAITING, NEW}
    assert world.held("tag-olbin VLTI") == {PAPER, TAGGED}
    names = [library.name for library in world.libraries.known.values()]
    assert len(names) == len(set(names))
    world.calls.clear()
    JOBS["sync"](ads)
    assert world.writes() == []


@pytest.mark.parametrize(
    ("endpoint", "job", "left"),
    [
        ("search/query", "harvest", 1),
        ("search/query", "refresh", 1),
        ("search/query", "recheck", 0),
        ("search/query", "miners", 1),
        ("search/query", "add", 1),
        ("biblib/libraries/<id>", "sync", 1),
        ("biblib/documents", "sync", 0),
    ],
)
def test_a_quota_used_up_half_way_ends_the_run_and_the_next_one_goes_on(ads, world, endpoint, job, left):
    world.limits[endpoint] = world.used[endpoint] + left
    with pytest.raises(AdsError, match=r"used up|too many"):
        JOBS[job](ads)
    assert HarvestRun.objects.first().status == "failed"
    assert papers() in ({PAPER, TAGGED, PREPRINT}, {PAPER, TAGGED, PUBLISHED})
    assert pending() == [WAITING]
    assert world.held("olbin-refereed") >= {PAPER, TAGGED}

    world.limits.clear()
    ads.session.quotas.known.clear()
    for repaired in ("refresh", "harvest", "miners", "add", "recheck", "sync"):
        JOBS[repaired](ads)
    assert pending() == [CITED, PASTED, WAITING, NEW]
    assert world.held("olbin-refereed") == papers() == {PAPER, TAGGED, PUBLISHED}
