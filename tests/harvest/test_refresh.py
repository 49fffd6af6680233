import pytest

from harvest.ads.errors import AdsUnavailable
from harvest.models import PaperFlag
from harvest.refresh import refresh_papers, refresh_recent
from publications.models import Identifier, Paper
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db
OLD, NEW = "2020arXiv200100001C", "2020A&A...641A..85C"


def test_bare_paper_is_filled(ads, ads_sandbox):
    paper = PaperFactory(bibcode=NEW, title="", refereed=None)
    ads_sandbox.add(
        NEW, title="A star", authors=["Mérand, A."], keywords=["stars"], doi="10.1/x", pubdate="2020-09-00",
        abstract="About it.",
    )  # fmt: skip
    ads_sandbox.add("2021A&A...641A..86C", references=[NEW])

    run = refresh_papers(ads)

    paper.refresh_from_db()
    assert (paper.title, paper.refereed, paper.doi, paper.pubdate) == ("A star", True, "10.1/x", "2020-09-00")
    assert (paper.citations, paper.abstract, paper.sort_author) == (1, "About it.", "merand a")
    assert paper.details_read is not None
    assert (run.found, run.changed) == (1, 1)
    assert refresh_papers(ads).changed == 0
    assert refresh_recent(ads).found == 0


def test_changed_bibcode_is_followed_and_the_old_one_kept(ads, ads_sandbox):
    paper = PaperFactory(bibcode=OLD)
    ads_sandbox.add(OLD)
    ads_sandbox.corpus.publish(OLD, NEW)

    run = refresh_papers(ads)

    paper.refresh_from_db()
    assert (paper.bibcode, paper.journal.bibstem) == (NEW, "A&A")
    assert Identifier.objects.get(key=OLD.casefold()).paper == paper
    assert run.messages == [f"{OLD} is {NEW} now"]


def test_two_papers_that_ads_calls_one_are_flagged_and_both_kept(ads, ads_sandbox):
    PaperFactory(bibcode=OLD)
    PaperFactory(bibcode=NEW)
    ads_sandbox.add(OLD)
    ads_sandbox.add(NEW)
    ads_sandbox.corpus.merge(OLD, into=NEW)

    refresh_papers(ads)
    refresh_papers(ads)

    flag = PaperFlag.objects.get(kind="merge")
    assert (flag.paper.bibcode, flag.other.bibcode) == (NEW, OLD)
    assert Paper.objects.count() == 2


def test_vanished_paper_is_flagged_until_it_is_back(ads, ads_sandbox):
    PaperFactory(bibcode=NEW)
    refresh_papers(ads)
    assert PaperFlag.objects.get().kind == "vanished"
    ads_sandbox.add(NEW)
    refresh_papers(ads)
    assert not PaperFlag.objects.exists()
    assert Paper.objects.count() == 1


def test_absence_at_ads_clears_nothing(ads, ads_sandbox):
    paper = PaperFactory(
        bibcode=NEW, title="A star", authors=["Mérand, A."], doi="10.1/x", keywords=["stars"]
    )
    ads_sandbox.add(NEW)
    refresh_papers(ads)
    paper.refresh_from_db()
    assert (paper.title, paper.doi, paper.author_names) == ("A star", "10.1/x", ["Mérand, A."])
    assert paper.keywords.count() == 1


def test_citation_counts_alone_leave_no_line_of_history(ads, ads_sandbox):
    paper = PaperFactory(bibcode=NEW, title="A star", refereed=True)
    ads_sandbox.add(NEW, title="A star", abstract="", pubdate="")
    refresh_papers(ads)
    lines = paper.history.count()
    ads_sandbox.add("2021A&A...641A..86C", references=[NEW])
    refresh_papers(ads)
    paper.refresh_from_db()
    assert (paper.citations, paper.history.count()) == (1, lines)


def test_many_papers_go_by_few_calls(ads, ads_sandbox):
    for _ in range(150):
        ads_sandbox.add(PaperFactory().bibcode)
    run = refresh_papers(ads)
    assert run.calls == {"search/bigquery": 1}
    assert run.found == 150


def test_partial_answer_flags_nothing_as_vanished(ads, ads_sandbox):
    ads_sandbox.add(PaperFactory(bibcode=NEW).bibcode)
    ads_sandbox.fail("short_page", times=None)
    with pytest.raises(AdsUnavailable):
        refresh_papers(ads)
    assert not PaperFlag.objects.exists()


def test_retraction_and_erratum_are_flagged(ads, ads_sandbox):
    for bibcode, title in ((NEW, "Erratum: a star"), (OLD, "Retraction of a star")):
        PaperFactory(bibcode=bibcode)
        ads_sandbox.add(bibcode, title=title)
    refresh_papers(ads)
    assert sorted(PaperFlag.objects.values_list("kind", flat=True)) == ["erratum", "retracted"]
