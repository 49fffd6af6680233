"""Discovery against the stand-in."""

import pytest

from harvest import curation, discovery
from harvest.ads.errors import AdsResponseError
from harvest.jobs import AlreadyRunning
from harvest.locks import only_one
from harvest.models import BlocklistEntry, Candidate, HarvestRun, SearchRule, Suggestion
from harvest.rules import BrokenRule
from publications.models import Library, LibraryEntry
from tests.factories import PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
VLTI = "an optical interferometer, the VLTI"


def pending():
    return sorted(Candidate.objects.pending().values_list("bibcode", flat=True))


def test_found_papers_become_candidates_with_evidence(ads, ads_sandbox):
    vlti = TagFactory(name="VLTI")
    PaperFactory(bibcode="2012A&A...540A...5D", title="The diameter of Vega", tags=[vlti])
    ads_sandbox.add("2012A&A...540A...5D")
    ads_sandbox.add(
        "2020A&A...641A..85C", title="Diameter of Vega anew with CHARA", body=VLTI, authors=["Cruz, A."],
        references=["2012A&A...540A...5D"], doi="10.1/x", arxiv="2001.00001", keywords=["stars"],
    )  # fmt: skip
    ads_sandbox.add("2021A&A...641A..86C", references=["2020A&A...641A..85C"])
    ads_sandbox.add("2020A&A...641A..87C", body="interferometer of another kind")

    run = discovery.discover(ads)

    assert (run.status, run.found, run.new) == ("done", 1, 1)
    candidate = Candidate.objects.get()
    assert (candidate.bibcode, candidate.authors, candidate.doi, candidate.arxiv) == (
        "2020A&A...641A..85C", ["Cruz, A."], "10.1/x", "2001.00001",
    )  # fmt: skip
    assert sorted(rule.name for rule in candidate.rules.all()) == ["CHARA", "VLTI"]
    assert candidate.evidence["references"] == ["2012A&A...540A...5D"]
    assert candidate.evidence["words"] == ["CHARA"]
    # Of its words the paper has diameter, of, vega; anew, with, chara, stars it has not.
    assert candidate.evidence["nearest"] == [
        {"bibcode": "2012A&A...540A...5D", "tags": ["VLTI"], "likeness": 0.43}
    ]
    # A reference, 20; a word, 50; the likeness, 43; of the rules nothing is known yet.
    assert (candidate.points, candidate.score) == (113, 113)
    assert [rule.tag for rule in candidate.rules.filter(name="VLTI")] == [vlti]


def test_each_search_ranks_those_that_wait_by_what_was_decided_since(ads, ads_sandbox, curator):
    for n in range(3):
        ads_sandbox.add(f"2020A&A...641A..8{n}C", body=VLTI)
    discovery.discover(ads)
    first, second, third = Candidate.objects.order_by("bibcode")
    curation.block(first, "only-cites", "", curator)
    curation.block(second, "only-cites", "", curator)
    third.refresh_from_db()
    assert third.score == third.points

    discovery.discover(ads)

    third.refresh_from_db()
    # Of two that VLTI matched none was accepted: 2 × (0 + 1) ÷ (2 + 2) − 1.
    assert third.score == third.points - 50


def test_search_of_4500_papers_finds_all(ads, ads_sandbox):
    bibcodes = [f"2012A&A...{540 + n // 1000}A{n % 1000:.>4}D" for n in range(4500)]
    for bibcode in bibcodes:
        ads_sandbox.add(bibcode, body=VLTI)

    run = discovery.discover(ads)

    assert run.new == 4500
    assert pending() == sorted(bibcodes)


def test_steady_run_proposes_nothing_and_makes_few_calls(ads, ads_sandbox):
    for n in range(30):
        ads_sandbox.add(f"2012A&A...540A..{n:0>2}D", body=VLTI)
    first = discovery.discover(ads)
    assert sum(first.calls.values()) <= SearchRule.objects.active().count() + 5
    ads.session.quotas.calls.clear()

    second = discovery.discover(ads)

    assert (second.new, second.changed, second.found) == (0, 0, 30)
    assert sum(second.calls.values()) == 1
    assert ads_sandbox.writes() == []


@pytest.mark.parametrize("where", ["paper", "block", "candidate", "jmmc"])
def test_preprint_that_is_known_is_not_proposed_again_after_it_was_published(ads, ads_sandbox, where):
    preprint = "2020arXiv200100001C"
    ads_sandbox.add(preprint, body=VLTI, refereed=False)
    if where == "paper":
        PaperFactory(bibcode=preprint)
    elif where == "block":
        BlocklistEntry.objects.create(bibcode=preprint, reason="not-interferometry")
    elif where == "jmmc":
        LibraryEntry.objects.create(
            library=Library.objects.create(name="jmmc-non-interfero"), bibcode=preprint
        )
    else:
        Candidate.objects.create(bibcode=preprint, year=2020)
    ads_sandbox.corpus.publish(preprint, "2020A&A...641A..85C")

    assert discovery.discover(ads).new == 0
    assert pending() == (["2020A&A...641A..85C"] if where == "candidate" else [])


def test_two_forms_that_ads_has_not_joined_are_one_candidate(ads, ads_sandbox):
    ads_sandbox.add("2020arXiv200100001C", body=VLTI, doi="10.1/x")
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI, doi="10.1/x")
    discovery.discover(ads)
    assert pending() == ["2020A&A...641A..85C"]


def test_preprint_that_ads_joins_with_a_blocked_paper_is_withdrawn(ads, ads_sandbox, curator):
    ads_sandbox.add("2020arXiv200100001C", body=VLTI)
    discovery.discover(ads)
    Candidate.objects.create(bibcode="2020A&A...641A..85C", year=2020)
    curation.block(Candidate.objects.get(bibcode="2020A&A...641A..85C"), "only-cites", "", curator)
    ads_sandbox.corpus.publish("2020arXiv200100001C", "2020A&A...641A..85C")

    run = discovery.discover(ads)

    assert pending() == []
    assert "2020arXiv200100001C is on a blocklist already" in run.messages[0]


def test_filtered_bibstem_hides_a_paper_only_while_it_stands_there(ads, ads_sandbox):
    ads_sandbox.add("2023MNRAS.tmp.1234X", body=VLTI)
    assert discovery.discover(ads).new == 0

    ads_sandbox.corpus.publish("2023MNRAS.tmp.1234X", "2023MNRAS.520.1234X")
    assert discovery.discover(ads).new == 1
    assert pending() == ["2023MNRAS.520.1234X"]


def test_block_that_does_not_last_opens_again_when_ads_calls_the_paper_refereed(ads, ads_sandbox):
    ads_sandbox.add("2020arXiv200100001C", body=VLTI, refereed=False)
    ads_sandbox.add("2020A&A...641A..86C", body=VLTI)
    BlocklistEntry.objects.create(bibcode="2020arXiv200100001C", reason="not-refereed")
    BlocklistEntry.objects.create(bibcode="2020A&A...641A..86C", reason="only-cites")
    assert discovery.discover(ads).new == 0

    ads_sandbox.corpus.publish("2020arXiv200100001C", "2020A&A...641A..85C")
    run = discovery.discover(ads)

    assert pending() == ["2020A&A...641A..85C"]
    assert list(BlocklistEntry.objects.values_list("bibcode", flat=True)) == ["2020A&A...641A..86C"]
    assert "its block has ended" in run.messages[0]


def test_block_does_not_end_while_the_present_bibcode_is_odd_or_theirs_lasts(ads, ads_sandbox):
    library = Library.objects.create(name="jmmc-non-interfero")
    for old, new in [
        ("2020arXiv200100001C", "2007A&A...462L..21+"),
        ("2020arXiv200100002C", "2020A&A...641A..85C"),
    ]:
        ads_sandbox.add(old, body=VLTI, refereed=False)
        ads_sandbox.corpus.publish(old, new)
        BlocklistEntry.objects.create(bibcode=old, reason="not-refereed")
        LibraryEntry.objects.create(library=library, bibcode=old)
    LibraryEntry.objects.filter(bibcode="2020arXiv200100001C").delete()

    assert discovery.discover(ads).new == 0

    assert pending() == []
    assert BlocklistEntry.objects.count() == 2


def test_search_that_comes_back_empty_by_mistake_is_an_error(ads, ads_sandbox):
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI)
    discovery.discover(ads)
    ads_sandbox.corpus.records.clear()

    with pytest.raises(AdsResponseError, match="came back empty"):
        discovery.discover(ads)
    assert pending() == ["2020A&A...641A..85C"]


def test_empty_search_is_right_after_the_rules_changed_or_all_was_blocked(ads, ads_sandbox):
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI)
    ads_sandbox.add("2020A&A...641A..86C", body="the interferometer NPOI")
    discovery.discover(ads)
    library = ads_sandbox.library("olbin-blocklist", ["2020A&A...641A..85C"])
    Library.objects.create(name="olbin-blocklist", ads_id=library.id)
    BlocklistEntry.objects.create(bibcode="2020A&A...641A..85C")
    rule = SearchRule.objects.get(name="NPOI")
    rule.query = '=full:("Navy Precision Optical Interferometer")'
    rule.save()

    assert discovery.discover(ads).found == 0
    assert pending() == ["2020A&A...641A..86C"]


def test_block_that_lasts_counts_more_than_one_that_ends(ads, ads_sandbox):
    ads_sandbox.add("2020arXiv200100001C", body=VLTI)
    ads_sandbox.corpus.publish("2020arXiv200100001C", "2020A&A...641A..85C")
    BlocklistEntry.objects.create(bibcode="2020arXiv200100001C", reason="only-cites")
    BlocklistEntry.objects.create(bibcode="2020A&A...641A..85C", reason="not-refereed")
    assert discovery.discover(ads).new == 0
    assert BlocklistEntry.objects.count() == 2


def test_broken_rule_fails_with_adss_own_message_and_trying_it_stores_nothing(ads, ads_sandbox):
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI)
    assert discovery.try_rule(ads, SearchRule.objects.get(name="VLTI")).found == 1
    broken = SearchRule.objects.create(kind="facility", name="broken", query='=full:("x"')

    with pytest.raises(AdsResponseError, match="Syntax Error"):
        discovery.try_rule(ads, broken)
    assert pending() == []


def test_candidate_that_came_in_another_way_is_withdrawn(ads, ads_sandbox):
    Candidate.objects.create(bibcode="2020A&A...641A..85C", year=2020)
    PaperFactory(bibcode="2020A&A...641A..85C")
    run = discovery.discover(ads)
    assert pending() == []
    assert "in the database already" in run.messages[0]


def test_second_run_of_the_job_is_refused_and_a_dead_one_is_named(ads, ads_sandbox):
    HarvestRun.objects.create(job="harvest", step="searching")
    with only_one("job-harvest"), pytest.raises(AlreadyRunning):
        discovery.discover(ads)

    discovery.discover(ads)

    assert list(HarvestRun.objects.values_list("status", flat=True)) == ["done", "interrupted"]


def test_search_goes_on_without_a_library_that_was_deleted_at_ads(ads, ads_sandbox):
    Library.objects.create(name="olbin-refereed", ads_id=ads_sandbox.library("olbin-refereed").id)
    Library.objects.create(name="olbin-blocklist", ads_id="A" * 22)
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI)
    run = discovery.discover(ads)
    assert pending() == ["2020A&A...641A..85C"]
    assert run.messages == [
        "olbin-blocklist: not at ADS any more, or not for us; an administrator clears its ADS id"
    ]


def test_accepted_paper_that_was_deleted_since_is_proposed_again(ads, ads_sandbox, curator):
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI)
    discovery.discover(ads)
    curation.accept(Candidate.objects.get(), [], curator).delete()
    assert discovery.discover(ads).new == 1
    assert pending() == ["2020A&A...641A..85C"]
    assert Candidate.objects.get().decided_by is None


def test_candidate_that_came_another_way_gets_its_evidence_once(ads, ads_sandbox):
    Candidate.objects.create(bibcode="2020A&A...641A..85C", year=2020)
    ads_sandbox.add("2020A&A...641A..85C", title="A star", body=VLTI)
    discovery.discover(ads)
    candidate = Candidate.objects.get()
    assert [rule.name for rule in candidate.rules.all()] == ["VLTI"]
    assert (candidate.title, candidate.evidence["references"]) == ("A star", None)
    ads_sandbox.calls.clear()
    assert discovery.discover(ads).changed == 0
    assert len(ads_sandbox.calls) == 1


def test_evidence_that_ads_learns_late_reaches_a_candidate_that_waits(ads, ads_sandbox):
    here = PaperFactory(bibcode="2012A&A...540A...5D", title="Vega").bibcode
    ads_sandbox.add(here)
    late = ads_sandbox.add("2020A&A...641A..85C", body=VLTI, abstract="Of no such word.")
    discovery.discover(ads)
    before = Candidate.objects.get()
    assert (before.evidence["references"], before.points) == (None, -50)

    late.references.append(here)
    assert discovery.discover(ads).changed == 1
    assert Candidate.objects.get().evidence["references"] == [here]
    assert before.history.count() == 1, "the history keeps no evidence"

    PaperFactory(bibcode="2021A&A...651A...1D", title="Altair")
    ads_sandbox.add("2021A&A...651A...1D", references=["2020A&A...641A..85C"])
    assert discovery.discover(ads).changed == 1

    candidate = Candidate.objects.get()
    assert candidate.evidence["references"] == [here]
    assert candidate.evidence["citations"] == ["2021A&A...651A...1D"]
    assert candidate.evidence["nearest"] == before.evidence["nearest"]
    assert (candidate.points, candidate.score) == (-50 + 20 + 20, -10)
    late.references.clear()
    assert discovery.discover(ads).changed == 0, "what was known once is not forgotten"


def test_suggested_paper_gets_its_evidence_once_a_search_finds_it(ads, ads_sandbox):
    Suggestion.objects.create(kind="missing", identifier="2020A&A...641A..85C")
    ads_sandbox.add("2020A&A...641A..85C", body=VLTI)
    SearchRule.objects.of_kind("facility", "global").update(active=False)
    discovery.discover(ads)
    assert (Candidate.objects.get().evidence, Candidate.objects.get().rules.count()) == ({}, 0)
    SearchRule.objects.filter(name="VLTI").update(active=True)
    discovery.discover(ads)
    discovery.discover(ads)
    candidate = Candidate.objects.get()
    assert candidate.evidence["references"] is None
    assert [rule.name for rule in candidate.rules.all()] == ["VLTI"]


def test_earlier_first_year_is_for_one_run(ads, ads_sandbox):
    ads_sandbox.add("1995A&A...540A...5D", body=VLTI)
    SearchRule.objects.of_kind("global").update(active=False)
    assert discovery.discover(ads).found == 0
    assert discovery.discover(ads, first_year=1990).found == 1
    SearchRule.objects.of_kind("base").update(query="property:refereed")
    with pytest.raises(BrokenRule, match="no other first year"):
        discovery.discover(ads, first_year=1990)


def test_preprint_of_a_paper_that_is_here_ends_no_harvest_and_is_withdrawn(ads, ads_sandbox, curator):
    preprint, journal = "2020arXiv200100001C", "2020A&A...641A..85C"
    curation.accept(Candidate.objects.create(bibcode=journal, year=2020), [], curator)
    Candidate.objects.create(bibcode=preprint, year=2020, suggested=True)
    ads_sandbox.add(preprint, body=VLTI)
    ads_sandbox.corpus.publish(preprint, journal)

    run = discovery.discover(ads)

    assert (run.status, pending()) == ("done", [])
    assert "in the database already" in run.messages[0]


def test_what_people_said_of_one_of_two_candidates_that_are_one_is_kept(ads, ads_sandbox, curator):
    preprint, journal = "2020arXiv200100001C", "2020A&A...641A..85C"
    Candidate.objects.create(bibcode=journal, year=2020, note="curator: look")
    Candidate.objects.create(
        bibcode=preprint, year=2020, note="a visitor: mine", suggested=True, added_by=curator
    )
    ads_sandbox.add(preprint, body=VLTI)
    ads_sandbox.corpus.publish(preprint, journal)

    discovery.discover(ads)

    kept = Candidate.objects.get()
    assert (kept.bibcode, kept.suggested, kept.added_by) == (journal, True, curator)
    assert kept.note.splitlines() == ["curator: look", "a visitor: mine"]
