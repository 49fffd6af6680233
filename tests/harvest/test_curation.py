from datetime import date, timedelta

import pytest
from django.utils import timezone

from harvest import curation
from harvest.models import BlocklistEntry, Candidate, PaperFlag, SearchRule, TagReview
from publications.models import (
    Act,
    Identifier,
    Paper,
    RemovedLink,
    SourceRecord,
    TagAssignment,
    TargetLink,
)
from publications.models.history import act
from publications.undo import CannotUndo, undo
from tests.factories import PaperFactory, TagFactory, TargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidate():
    return Candidate.objects.create(
        bibcode="2020A&A...641A..85C", title="A star", authors=["Mérand, A.", "Cruz, B."], year=2020,
        pubdate="2020-09-00", doi="10.1/x", arxiv="2001.00001", keywords=["stars"], refereed=True,
        identifiers=["2020A&A...641A..85C", "2020arXiv200100001C", "10.1/x", "arXiv:2001.00001"],
        journal="Astronomy and Astrophysics", citations=3, abstract="About a star.",
    )  # fmt: skip


def test_accepted_candidate_is_a_paper_with_all_that_is_known(candidate, curator):
    tag = TagFactory(name="VLTI")

    curation.accept(candidate, [tag, tag], curator)

    paper = Paper.objects.for_list(curator).get()
    assert paper.author_names == ["Mérand, A.", "Cruz, B."]
    assert (paper.journal.bibstem, paper.volume, paper.page, paper.sort_author) == (
        "A&A",
        "641",
        "A85",
        "merand a",
    )
    assert (paper.refereed, paper.citations, paper.abstract) == (True, 3, "About a star.")
    assert [keyword.name for keyword in paper.keywords.all()] == ["stars"]
    assert Identifier.objects.get(key="2020arxiv200100001c").paper == paper
    assignment = TagAssignment.objects.get()
    assert (assignment.given_by, assignment.history.get().history_user) == (curator, curator)
    candidate.refresh_from_db()
    assert (candidate.status, candidate.decided_by) == ("accepted", curator)


def test_accepted_paper_is_known_to_be_in_the_lists_of_other_databases(candidate, curator):
    record = SourceRecord.objects.create(source="jmdc", bibcode="2020arXiv200100001C")
    paper = curation.accept(candidate, [], curator)
    record.refresh_from_db()
    assert record.paper == paper


def test_paper_that_is_here_under_another_identifier_is_not_doubled(candidate, curator):
    PaperFactory(bibcode="2020arXiv200100001C")
    with pytest.raises(curation.CannotDecide, match="already, as 2020arXiv200100001C"):
        curation.accept(candidate, [], curator)
    assert Paper.objects.count() == 1
    candidate.refresh_from_db()
    assert candidate.status == "pending"


def test_block_keeps_reason_note_person_and_identifiers(candidate, curator):
    curation.block(candidate, "only-cites", "cites the VLTI once", curator)

    entry = BlocklistEntry.objects.get()
    assert (entry.reason, entry.note, entry.blocked_by) == ("only-cites", "cites the VLTI once", curator)
    assert "2020arXiv200100001C" in entry.identifiers


def test_second_decision_is_refused_and_says_whose_was_first(candidate, curator):
    curation.block(candidate, "only-cites", "", curator)
    with pytest.raises(curation.CannotDecide, match="was blocked by curator"):
        curation.accept(candidate, [], curator)
    assert not Paper.objects.exists()


def test_reason_must_be_one_of_the_list(candidate, curator):
    for reason in ("because", "uncurated"):
        with pytest.raises(curation.CannotDecide):
            curation.block(candidate, reason, "", curator)


def test_postponed_candidate_waits_for_its_day(candidate, curator):
    later = date.today() + timedelta(days=30)
    curation.postpone(candidate, later, curator)
    assert not Candidate.objects.waiting(date.today()).exists()
    assert Candidate.objects.waiting(later).exists()
    with pytest.raises(curation.CannotDecide):
        curation.postpone(candidate, date.today(), curator)


def test_undone_accept_is_a_pending_candidate_and_no_paper(candidate, curator):
    curation.accept(candidate, [TagFactory(name="VLTI")], curator)

    undo(Act.objects.get(), curator)

    assert not Paper.objects.exists()
    assert not TagAssignment.objects.exists()
    candidate.refresh_from_db()
    assert (candidate.status, candidate.decided_by, candidate.abstract) == ("pending", None, "About a star.")
    curation.accept(candidate, [], curator)


def test_undone_block_leaves_the_blocklist_as_it_was(candidate, curator):
    BlocklistEntry.objects.create(bibcode=candidate.bibcode, reason="uncurated", note="from ADS")
    curation.block(candidate, "only-cites", "", curator)

    undo(Act.objects.get(), curator)

    entry = BlocklistEntry.objects.get()
    assert (entry.reason, entry.note, entry.blocked_by) == ("uncurated", "from ADS", None)
    candidate.refresh_from_db()
    assert candidate.status == "pending"


def test_accepted_paper_that_was_tagged_since_is_not_unmade(candidate, curator):
    paper = curation.accept(candidate, [], curator)
    TagAssignment.objects.create(paper=paper, tag=TagFactory())
    with pytest.raises(CannotUndo, match="take that away first"):
        undo(Act.objects.get(), curator)
    assert Paper.objects.get() == paper


def test_papers_that_were_merged_are_not_unmerged(curator):
    paper, other = PaperFactory(), PaperFactory()
    curation.merge(PaperFlag.objects.create(paper=paper, kind="merge", other=other), curator)
    with pytest.raises(CannotUndo, match="a deleted paper does not come back"):
        undo(Act.objects.get(), curator)


def test_refereed_paper_is_not_blocked_for_not_being_refereed_yet(candidate, curator):
    with pytest.raises(curation.CannotDecide, match="would end with the next search"):
        curation.block(candidate, "not-refereed", "", curator)
    Candidate.objects.update(refereed=False)
    assert curation.block(candidate, "not-refereed", "", curator).reason == "not-refereed"


def found(client, words):
    return client.get("/api/papers/", {"q": words}).json()["count"]


@pytest.mark.parametrize("words", ["cruz", 'author:"Cruz, B"', "arXiv200100001", "stars"])
def test_accepted_paper_is_found_by_its_authors_and_every_name(candidate, curator, client, words):
    curation.accept(candidate, [], curator)
    assert found(client, words) == 1


def test_merged_paper_is_found_by_what_the_other_was_called(curator, client):
    paper, other = PaperFactory(bibcode="2020A&A...641A..85C"), PaperFactory(bibcode="2020arXiv200100001C")
    curation.merge(PaperFlag.objects.create(paper=paper, kind="merge", other=other), curator)
    assert found(client, "arXiv200100001") == 1


def test_merge_keeps_the_stronger_link_the_removed_ones_and_what_was_judged(curator):
    paper, other = PaperFactory(), PaperFactory()
    both, gone, only = TargetFactory(), TargetFactory(), TargetFactory()
    TargetLink.objects.create(paper=paper, target=both, kind="listed")
    TargetLink.objects.create(paper=other, target=both, kind="curated")
    TargetLink.objects.create(paper=other, target=only, kind="named")
    RemovedLink.objects.create(paper=other, target=gone)
    chara, vlti = SearchRule.objects.get(name="CHARA"), SearchRule.objects.get(name="VLTI")
    TagReview.objects.create(paper=paper, rule=chara, missing=True, query="x")
    TagReview.objects.create(paper=other, rule=chara, missing=False, by=curator, query="x")
    TagReview.objects.create(paper=other, rule=vlti, missing=True, query="x")

    curation.merge(PaperFlag.objects.create(paper=paper, kind="merge", other=other), curator)

    assert set(paper.target_links.values_list("target", "kind")) == {
        (both.pk, "curated"), (only.pk, "named"),
    }  # fmt: skip
    assert list(paper.removed_links.values_list("target", flat=True)) == [gone.pk]
    assert list(paper.tag_reviews.values_list("rule", "missing", "by")) == [(chara.pk, False, curator.pk)]


def test_paper_that_is_here_is_not_blocked_too(candidate, curator):
    PaperFactory(bibcode="2020arXiv200100001C")
    with pytest.raises(curation.CannotDecide, match="already, as 2020arXiv200100001C"):
        curation.block(candidate, "only-cites", "", curator)
    assert not BlocklistEntry.objects.exists()


def test_blocked_paper_is_not_accepted_under_another_of_its_names(candidate, curator):
    BlocklistEntry.objects.create(bibcode="2020arXiv200100001C", reason="duplicate")
    with pytest.raises(curation.CannotDecide, match="on the blocklist as 2020arXiv200100001C"):
        curation.accept(candidate, [], curator)
    assert not Paper.objects.exists()


def test_accept_is_undone_after_its_citations_were_counted_anew(candidate, curator):
    curation.accept(candidate, [], curator)
    Paper.objects.update(citations=99, citations_on=date(2026, 1, 1), details_read=timezone.now())
    undo(Act.objects.get(), curator)
    assert not Paper.objects.exists()


def test_undo_of_an_older_change_leaves_the_citations_as_they_are_now(curator):
    paper = PaperFactory(title="A star", citations=3)
    with act("another title", curator) as made:
        paper.title = "Another star"
        paper.save()
    Paper.objects.update(citations=99)
    undo(made, curator)
    paper.refresh_from_db()
    assert (paper.title, paper.citations) == ("A star", 99)
