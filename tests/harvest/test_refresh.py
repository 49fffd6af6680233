from dataclasses import replace
from datetime import date

import pytest

from harvest.ads.errors import AdsResponseError, AdsUnavailable
from harvest.models import PaperFlag
from harvest.refresh import refresh_papers, refresh_recent
from publications.models import Identifier, Library, Paper
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


@pytest.mark.parametrize(
    ("title", "doctype", "notice"),
    [
        ("Erratum: a star", "article", "erratum"),
        ("A star (Corrigendum)", "article", "erratum"),
        ("A star", "erratum", "erratum"),
        ("Retraction of a star", "article", "retracted"),
        ("[Retracted] A star", "article", "retracted"),
        ("RETRACTED ARTICLE: A star", "article", "retracted"),
        ("A star", "retraction", "retracted"),
        ("Retracted mirrors of a telescope", "article", ""),
        ("Erratic stars", "article", ""),
    ],
)
def test_a_record_that_is_a_notice_is_shown_as_one(ads, ads_sandbox, client, title, doctype, notice):
    PaperFactory(bibcode=NEW)
    ads_sandbox.add(NEW, title=title, doctype=doctype)
    refresh_papers(ads)
    assert Paper.objects.get().notice == notice
    assert [flag.kind for flag in PaperFlag.objects.all()] == ([notice] if notice else [])
    page = client.get(f"/papers/{NEW}/").content.decode()
    assert ('class="notice"' in page) is bool(notice)


TITLE = "The spotty surface of a cool star"
LATER, ANOTHER = "2021A&A...645A...1C", "2021A&A...645A...2C"


@pytest.fixture
def bound_library(ads_sandbox):
    library = ads_sandbox.library("olbin-refereed", [NEW, OLD])
    return Library.objects.create(name="olbin-refereed", ads_id=library.id)


def test_an_erratum_of_a_paper_is_shown_with_it_and_leads_to_ads(ads, ads_sandbox, client, bound_library):
    PaperFactory(bibcode=NEW, title=TITLE)
    PaperFactory(bibcode=OLD, title="Another star of the same kind")
    ads_sandbox.add(NEW, title=TITLE)
    ads_sandbox.add(OLD, title="Another star of the same kind")
    # It cites both, and corrects the one whose title it repeats.
    ads_sandbox.add(LATER, title=f"Erratum: “{TITLE}” (2020)", doctype="erratum", references=[NEW, OLD])
    ads_sandbox.add(ANOTHER, title=f"A comment on “{TITLE}”", references=[NEW])

    run = refresh_papers(ads)

    assert list(Paper.objects.exclude(notice="").values_list("bibcode", "notice", "notice_bibcode")) == [
        (NEW, "corrected", LATER)
    ]
    assert run.calls == {"search/query": 2}
    assert "has an erratum" in client.get("/papers/").content.decode()
    page = client.get(f"/papers/{NEW}/").content.decode()
    assert "/abs/2021A%26A...645A...1C/abstract" in page
    assert "This paper has an erratum" in page
    assert PaperFlag.objects.get().paper.bibcode == NEW
    assert refresh_papers(ads).changed == 0


def test_a_retraction_counts_more_than_errata_and_a_later_erratum_more_than_an_earlier_one(
    ads, ads_sandbox, bound_library
):
    paper = PaperFactory(bibcode=NEW, title=TITLE)
    ads_sandbox.add(NEW, title=TITLE)
    for bibcode in (LATER, ANOTHER):
        ads_sandbox.add(bibcode, title=f"Erratum: {TITLE}", doctype="erratum", references=[NEW])
    refresh_papers(ads)
    paper.refresh_from_db()
    assert (paper.notice, paper.notice_bibcode) == ("corrected", ANOTHER)

    ads_sandbox.add("2021A&A...645A...0C", title=f"Retraction: {TITLE}", doctype="erratum", references=[NEW])
    refresh_papers(ads)
    paper.refresh_from_db()
    assert (paper.notice, paper.notice_bibcode) == ("retracted", "2021A&A...645A...0C")
    assert refresh_papers(ads).changed == 0


def test_ads_that_knows_none_of_many_papers_is_in_error(ads):
    for _ in range(11):
        PaperFactory()
    with pytest.raises(AdsResponseError, match="none of 11 papers"):
        refresh_papers(ads)
    assert not PaperFlag.objects.exists()


def test_papers_are_refreshed_though_the_library_of_ours_was_deleted_at_ads(ads, ads_sandbox):
    paper = PaperFactory(bibcode=NEW, title="")
    ads_sandbox.add(NEW, title="A star")
    Library.objects.create(name="olbin-refereed", ads_id="A" * 22)
    run = refresh_papers(ads)
    paper.refresh_from_db()
    assert paper.title == "A star"
    assert run.messages == [
        "olbin-refereed: not at ADS any more, or not for us; an administrator clears its ADS id"
    ]


def test_search_follows_what_was_read_anew(ads, ads_sandbox, client):
    PaperFactory(bibcode=OLD, authors=["Dupont, A."])
    ads_sandbox.add(OLD, authors=["Mérand, A."])
    ads_sandbox.corpus.publish(OLD, NEW)
    refresh_papers(ads)

    for words in ("merand", NEW, OLD, OLD[4:15]):
        assert client.get("/api/papers/", {"q": words}).json()["count"] == 1, words
    assert client.get("/api/papers/", {"q": "dupont"}).json()["count"] == 0


def test_count_that_ads_does_not_give_is_kept_with_its_date(ads, ads_sandbox, monkeypatch):
    paper = PaperFactory(bibcode=NEW, citations=7, citations_on=date(2020, 1, 1))
    ads_sandbox.add(NEW)
    answer = ads.look_up
    monkeypatch.setattr(
        ads, "look_up", lambda *asked: [replace(record, citation_count=None) for record in answer(*asked)]
    )
    refresh_papers(ads)
    paper.refresh_from_db()
    assert (paper.citations, paper.citations_on) == (7, date(2020, 1, 1))
