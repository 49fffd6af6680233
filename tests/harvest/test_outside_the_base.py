"""Candidates that no search finds: by hand, suggested, mined, or of a block that has ended."""

import pytest

from harvest import adding, discovery, miners
from harvest.ads.errors import AdsUnavailable
from harvest.models import BlocklistEntry, Candidate, HarvestRun, PastedList, SearchRule, Suggestion
from publications.models import Library
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db
VLTI = "an optical interferometer, the VLTI"
OUTSIDE = "1995A&A...541A...1X"


@pytest.fixture
def outside(ads, ads_sandbox, curator):
    """Ways in which a paper that no search finds becomes a candidate, each a function."""
    SearchRule.objects.of_kind("global").update(active=False)
    ads_sandbox.add(OUTSIDE, body=VLTI, alternates=["1995astro.ph..1234X"])
    return {
        "by hand": lambda: add_by_hand(ads, curator, OUTSIDE),
        "suggested": lambda: [
            Suggestion.objects.create(kind="missing", identifier=OUTSIDE),
            discovery.discover(ads),
            discovery.discover(ads),
        ],
        "mined": lambda: [cite(ads_sandbox, "1995astro.ph..1234X"), miners.mine_citations(ads)],
        "a block has ended": lambda: [
            BlocklistEntry.objects.create(bibcode=OUTSIDE, reason="not-refereed"),
            discovery.discover(ads),
        ],
    }


def add_by_hand(ads, curator, *bibcodes):
    entries = [{"line": n, "written": name, "identifiers": [name]} for n, name in enumerate(bibcodes, 1)]
    adding.add_papers(ads, PastedList.objects.create(by=curator, entries=entries), curator)


def cite(ads_sandbox, *bibcodes):
    """Four papers here cite them; three are enough."""
    SearchRule.objects.filter(name="Cited by many papers here").update(threshold=3)
    citing = [PaperFactory().bibcode for _ in range(4)]
    for bibcode in citing:
        ads_sandbox.add(bibcode, references=list(bibcodes))
    return citing


@pytest.mark.parametrize("way", ["by hand", "suggested", "mined", "a block has ended"])
def test_paper_that_no_search_finds_is_labelled_followed_and_makes_no_empty_search_wrong(
    ads, ads_sandbox, outside, way
):
    outside[way]()
    before = Candidate.objects.get()
    assert "VLTI" in [rule.name for rule in before.rules.all()]
    ads_sandbox.corpus.find(OUTSIDE).title = "Corrected"
    ads_sandbox.calls.clear()
    run = discovery.discover(ads)
    assert (run.status, run.found, run.changed) == ("done", 0, 1)
    assert Candidate.objects.get().title == "Corrected"
    # The search, the look-up; where a block has ended that one too.
    assert len(ads_sandbox.calls) == 2


@pytest.mark.parametrize("number", [40, 41])
def test_many_papers_that_no_search_finds_are_labelled_too(ads, ads_sandbox, curator, number):
    SearchRule.objects.of_kind("global").update(active=False)
    # A search that names a library which is gone fails; these name none.
    Library.objects.create(name="olbin-refereed", ads_id="A" * 22)
    mined, pasted = ([f"1995A&A...{volume}A{n:.>4}X" for n in range(number)] for volume in (641, 642))
    for bibcode in [*mined, *pasted]:
        ads_sandbox.add(bibcode, body=VLTI)
    cite(ads_sandbox, *mined)
    miners.mine_citations(ads)
    add_by_hand(ads, curator, *pasted)
    assert Candidate.objects.filter(rules__name="VLTI").count() == 2 * number


def test_a_look_up_that_fails_does_not_lose_what_the_search_found(ads, ads_sandbox, outside):
    outside["by hand"]()
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI)
    real = ads.look_up

    def away(identifiers, *args, **kwargs):
        if list(identifiers) == [OUTSIDE]:
            raise AdsUnavailable("ADS answered 504")
        return real(identifiers, *args, **kwargs)

    ads.look_up = away
    run = discovery.discover(ads)
    assert (run.status, run.new) == ("done", 1)
    assert run.messages == ["1 candidates that no search finds were not looked up: ADS answered 504"]


def test_candidates_that_are_not_followed_cost_no_calls_each_night(ads, ads_sandbox):
    SearchRule.objects.of_kind("global").update(active=False)
    for bibcode in ("1995arXiv950100001X", OUTSIDE):
        ads_sandbox.add(bibcode, body=VLTI, doi="10.1/x")
        Candidate.objects.create(bibcode=bibcode, year=1995, suggested=True)
    discovery.discover(ads)
    ads_sandbox.calls.clear()
    discovery.discover(ads)
    assert len(ads_sandbox.calls) == 2


def test_of_very_many_papers_some_are_asked_of_the_rules(ads, ads_sandbox, curator, monkeypatch):
    monkeypatch.setattr(discovery, "OUTSIDE", 2)
    SearchRule.objects.of_kind("global").update(active=False)
    pasted = [f"1995A&A...642A{n:.>4}X" for n in range(3)]
    for bibcode in pasted:
        ads_sandbox.add(bibcode, body=VLTI)
    add_by_hand(ads, curator, *pasted)
    assert Candidate.objects.filter(rules__name="VLTI").count() == 2
    assert HarvestRun.objects.get().messages == ["only 2 of 3 papers were asked of the rules: too many"]


def test_suggested_paper_that_a_miner_meets_first_is_labelled(ads, ads_sandbox):
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI)
    Suggestion.objects.create(kind="missing", identifier="2020A&A...641A..85C")
    SearchRule.objects.of_kind("facility", "global").update(active=False)
    discovery.discover(ads)
    SearchRule.objects.filter(name="VLTI").update(active=True)
    cite(ads_sandbox, "2020A&A...641A..85C")
    miners.mine_citations(ads)
    assert [rule.name for rule in Candidate.objects.get().rules.all()] == [
        "VLTI",
        "Cited by many papers here",
    ]


def test_miner_proposes_what_many_papers_here_cite(ads, ads_sandbox):
    citing = cite(ads_sandbox, "2001A&A...541A...1X")
    for bibcode in citing[2:]:
        ads_sandbox.corpus.find(bibcode).references.append("2001A&A...541A...2X")
    for n in (1, 2):
        ads_sandbox.add(f"2001A&A...541A...{n}X", body=VLTI)

    run = miners.mine_citations(ads)

    candidate = Candidate.objects.get()
    assert candidate.bibcode == "2001A&A...541A...1X"
    assert candidate.evidence["citations"] == sorted(citing)
    # The rules label it, too: they suggest its tags.
    assert [rule.name for rule in candidate.rules.all()] == ["VLTI", "Cited by many papers here"]
    assert run.new == 1
    ads_sandbox.calls.clear()
    miners.mine_citations(ads)
    assert len(ads_sandbox.calls) == 2
