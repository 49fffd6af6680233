"""papers.csv, years.csv and categories.json as they are written."""

import csv
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publications.exports.categories import categories_json
from publications.exports.csv import papers_csv
from publications.exports.legacy_xml import papers_xml
from publications.exports.years import years_csv
from publications.models import Category, Paper
from tests.factories import CategoryFactory, HiddenTagFactory, PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
COLUMNS = "bibcode,title,authors,year,pubdate,journal,volume,page,doi,arxiv,refereed,citations,added,url"


@pytest.fixture
def vocabulary():
    facility = CategoryFactory(name="Facility", position=1)
    main = CategoryFactory(name="MainCategory", position=0)
    return {
        "VLTI": TagFactory(name="VLTI", category=facility, position=1),
        "CHARA": TagFactory(name="CHARA", category=facility, position=2),
        "Catalogs": TagFactory(name="Catalogs", category=main, position=1),
        "oidb": HiddenTagFactory(name="oidb"),
    }


def exported(papers=None, categories=None):
    papers = Paper.objects.all() if papers is None else papers
    return "".join(papers_csv(papers, Category.objects.public() if categories is None else categories))


def test_an_empty_selection_is_a_header(vocabulary):
    assert exported() == f"{COLUMNS},MainCategory,Facility\r\n"


def test_a_row_holds_what_is_known_and_unknown_is_empty(vocabulary):
    PaperFactory(
        bibcode="2012A&A...540A...5D",
        title='A "title", really',
        pubdate="2012-04-00",
        volume="540",
        page="A5",
        citations=0,
        added=datetime(2026, 3, 1, 23, 59, tzinfo=UTC),
        authors=["Duvert, G.", "Mérand, A."],
        tags=[vocabulary["CHARA"], vocabulary["VLTI"], vocabulary["oidb"]],
    )
    PaperFactory(bibcode="1986Natur.320..595B", title="", refereed=None, added=None)

    assert exported().split("\r\n")[1:] == [
        "1986Natur.320..595B,,,1986,,Natur,,,,,,,,https://ui.adsabs.harvard.edu/abs/1986Natur.320..595B/abstract,,",
        '2012A&A...540A...5D,"A ""title"", really","Duvert, G.; Mérand, A.",2012,2012-04-00,A&A,540,A5,,,'
        "true,0,2026-03-01,https://ui.adsabs.harvard.edu/abs/2012A%26A...540A...5D/abstract,,VLTI; CHARA",
        "",
    ]


def test_a_curator_has_a_column_for_the_hidden_category(vocabulary):
    PaperFactory(tags=[vocabulary["oidb"]])

    rows = list(csv.DictReader(exported(categories=Category.objects.all()).splitlines()))

    assert rows[0]["HIDDEN (internal)"] == "oidb"
    assert "HIDDEN" not in exported()


def test_rows_are_in_the_order_of_code_points_whatever_the_selection_is_sorted_by(vocabulary):
    bibcodes = ["2012A&A...540A...5D", "2012AJ....143..135V", "2012a&a...540a...6d", "2012A&A...540A..5.D"]
    for bibcode in bibcodes:
        PaperFactory(bibcode=bibcode)

    papers = Paper.objects.sorted_by("-added").for_list()

    assert [line[:19] for line in exported(papers).split("\r\n")[1:-1]] == sorted(bibcodes)


def test_the_number_of_queries_does_not_grow_with_the_papers(vocabulary, monkeypatch):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            exported()
            "".join(papers_xml(Paper.objects.all(), Category.objects.all()))
        return len(captured)

    PaperFactory(authors=["A"], tags=[vocabulary["VLTI"]])
    few = queries()
    for _ in range(50):
        PaperFactory(authors=["A", "B"], tags=[vocabulary["VLTI"], vocabulary["CHARA"]])

    assert queries() == few


def test_papers_of_many_chunks_all_come_once(vocabulary, monkeypatch):
    monkeypatch.setattr("publications.exports.rows.CHUNK", 3)
    for _ in range(7):
        PaperFactory(authors=["A, B."], tags=[vocabulary["VLTI"]])

    rows = list(csv.DictReader(exported().splitlines()))

    assert len({row["bibcode"] for row in rows}) == 7
    assert {(row["authors"], row["Facility"]) for row in rows} == {("A, B.", "VLTI")}


def test_each_year_has_a_row_newest_first_and_a_column_counts_papers(vocabulary):
    PaperFactory(year=2012, tags=[vocabulary["VLTI"], vocabulary["CHARA"]])
    PaperFactory(year=2012, tags=[vocabulary["VLTI"]])
    PaperFactory(year=2015, tags=[vocabulary["Catalogs"], vocabulary["oidb"]])
    public = Category.objects.public()

    def table(**tags):
        return "".join(years_csv(Paper.objects.all(), public, **tags)).split("\r\n")

    header = "YEAR,total_pubs,MainCategory,Facility,Catalogs,VLTI,CHARA"
    assert table() == [header, "2015,1,1,0,1,0,0", "2012,2,0,2,0,2,1", ""]
    assert table(ignore_tags=[vocabulary["CHARA"]])[1:3] == ["2015,1,1,0,1,0,0", "2012,1,0,1,0,1,0"]
    assert table(keep_tags=[vocabulary["CHARA"], vocabulary["oidb"]])[1:3] == [
        "2015,1,1,0,1,0,0",
        "2012,1,0,1,0,1,1",
    ]
    assert table(keep_tags=[vocabulary["CHARA"]])[1] == "2015,0,0,0,0,0,0"


def test_the_vocabulary_is_told_without_what_is_hidden(vocabulary):
    jmmc = HiddenTagFactory(name="JMMC")
    vocabulary["CHARA"].parents.add(vocabulary["VLTI"], jmmc)

    told = categories_json(Category.objects.public())

    assert [category["name"] for category in told["categories"]] == ["MainCategory", "Facility"]
    assert told["categories"][1]["tags"] == [
        {"name": "VLTI", "slug": "vlti", "description": "", "parents": []},
        {"name": "CHARA", "slug": "chara", "description": "", "parents": ["VLTI"]},
    ]
