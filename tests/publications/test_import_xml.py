"""The predecessor's XML, read and given back."""

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publications.exports.legacy_xml import papers_xml
from publications.imports.files import import_papers
from publications.imports.report import ImportRefused
from publications.models import Category, DataState, Paper
from tests.factories import CategoryFactory, PaperFactory, TagFactory
from tests.publications.test_import_csv import NAME, TEXT, assert_matches, empty_the_database, file

__all__ = ["file"]
pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parents[1] / "data" / "predecessor.xml"
BIBCODE = "2020A&A...642A.162G"


def exported():
    return "".join(papers_xml(Paper.objects.all(), Category.objects.all()))


def shape(xml):
    """Elements, texts and attributes, without the white space between elements."""

    def read(element):
        text = element.text or "" if len(element) == 0 else ""
        return (element.tag, sorted(element.attrib.items()), text, [read(child) for child in element])

    return read(ElementTree.fromstring(xml))


def test_the_sample_is_read():
    report = import_papers(SAMPLE)

    assert (report.created, report.reasons) == (2, [])
    gravity = Paper.objects.get(bibcode=BIBCODE)
    assert (gravity.title, gravity.pubdate) == ("A title & its entity", "2020-10-00")
    assert gravity.added == datetime(2020, 11, 2, 10, 21, 33, tzinfo=UTC)
    assert (gravity.year, gravity.journal.bibstem, gravity.volume, gravity.page) == (
        2020,
        "A&A",
        "642",
        "A162",
    )
    assert gravity.refereed is None
    assert {t.name for t in gravity.tags.all()} == {"Astrophysical results", "VLTI", "GRAVITY", "JMMC"}
    hidden = Category.objects.get(name="HIDDEN")
    assert (hidden.public, hidden.label, hidden.description) == (False, "JMMC", "JMMC software")
    assert Paper.objects.get(bibcode="1986Natur.320..595B").bare


def test_the_export_gives_the_content_of_the_sample_back():
    import_papers(SAMPLE)

    given_back, sample = shape(exported()), shape(SAMPLE.read_bytes())

    entries = {tuple(map(str, entry)) for entry in given_back[3] if entry[0] == "e"}
    assert entries == {tuple(map(str, entry)) for entry in sample[3] if entry[0] == "e"}
    assert [part for part in given_back[3] if part[0] != "e"] == [
        part for part in sample[3] if part[0] != "e"
    ]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXT.filter(str.strip), tags=st.lists(NAME, max_size=5, unique_by=str.casefold))
def test_an_export_imported_into_an_empty_database_is_exported_the_same(file, title, tags):
    empty_the_database()
    category = CategoryFactory(name="Technique")
    PaperFactory(
        bibcode=BIBCODE,
        title=title,
        tags=[TagFactory(name=name, category=category, position=n) for n, name in enumerate(tags)],
    )
    first = exported()
    empty_the_database()

    report = import_papers(file(first, "papers.xml"))

    assert report.reasons == []
    assert exported() == first
    assert Paper.objects.get().title == title


@pytest.mark.parametrize(
    ("pubdate", "subdate", "kept", "added"),
    [
        ("2020", "2020-11-02", "2020-00-00", datetime(2020, 11, 2, tzinfo=UTC)),
        ("2020-10-05", "2020-11-02T10:00:00+02:00", "2020-10-05", datetime(2020, 11, 2, 8, tzinfo=UTC)),
        ("2020-10-05T00:00:00", "2020-11-02T10:00:00Z", "2020-10-05", datetime(2020, 11, 2, 10, tzinfo=UTC)),
        ("", "", None, None),
    ],
)
def test_dates_are_iso_with_or_without_a_time(file, pubdate, subdate, kept, added):
    import_papers(file(document(f"<pubdate>{pubdate}</pubdate><subdate>{subdate}</subdate>"), "p.xml"))

    paper = Paper.objects.get()
    assert (paper.pubdate, paper.added) == (kept, added)


def document(inside, categories=""):
    return f"<publications>{categories}<e><bibcode>{escape(BIBCODE)}</bibcode>{inside}</e></publications>"


@pytest.mark.parametrize(
    "markup", ["H<SUB>2</SUB>O &amp; <i>T</i>", "H&lt;SUB&gt;2&lt;/SUB&gt;O &amp; &lt;i&gt;T&lt;/i&gt;"]
)
def test_markup_in_a_title_is_kept_escaped_or_not(file, markup):
    import_papers(file(document(f"<title>{markup} Tau</title><pubdate>2020-10</pubdate>"), "papers.xml"))
    paper = Paper.objects.get()
    assert (paper.title, paper.pubdate) == ("H<SUB>2</SUB>O & <i>T</i> Tau", "2020-10-00")


def test_each_of_two_entries_on_one_line_keeps_its_tags(file):
    TagFactory(name="VLTI"), TagFactory(name="CHARA")
    entries = [("2012A&A...540A..10A", "VLTI"), ("2013A&A...550A..55B", "CHARA")]
    line = "".join(f"<e><bibcode>{escape(b)}</bibcode><tag>{t}</tag></e>" for b, t in entries)
    report = import_papers(file(f"<publications>{line}</publications>", "papers.xml"))
    assert (report.created, report.reasons) == (2, [])
    assert [(paper.bibcode, paper.tags.get().name) for paper in Paper.objects.order_by("bibcode")] == entries


def test_a_repeated_import_changes_nothing(file):
    import_papers(SAMPLE)
    before = DataState.current().number

    report = import_papers(SAMPLE)

    assert (report.unchanged, DataState.current().number) == (2, before)


def test_what_an_element_lacks_stays_and_so_does_a_category_that_is_here(file):
    category = CategoryFactory(name="Facility", description="Ours")
    PaperFactory(bibcode=BIBCODE, title="From ADS", tags=[TagFactory(name="VLTI", category=category)])

    import_papers(
        file(
            document(
                "",
                "<categories><category><name>Facility</name><description>Theirs</description><tag>CHARA</tag></category></categories>",
            ),
            "p.xml",
        )
    )

    paper = Paper.objects.get()
    assert (paper.title, [t.name for t in paper.tags.all()]) == ("From ADS", ["VLTI"])
    assert Category.objects.get().description == "Ours"


BOMB = f"""<!DOCTYPE publications [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
{document("<title>&b;</title>")}"""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BOMB, "declares entities"),
        (document("<title>"), "line 1: the XML is broken"),
        ("<publications>\n<e></publications>", "line 2: the XML is broken"),
        ("<papers/>", "the first element is <papers>"),
        ("", "the file is empty"),
        (document("<title>é</title>").encode("latin-1"), "the XML is broken|cannot be read"),
        ('<?xml version="1.0" encoding="no-such"?>' + document(""), "the XML is broken|cannot be read"),
    ],
)
def test_a_damaged_file_is_refused_whole(file, content, words):
    with pytest.raises(ImportRefused, match=words):
        import_papers(file(content, "p.xml"))

    assert not Paper.objects.exists()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("<e><title>x</title></e>", "no <bibcode>"),
        ("<e><bibcode>x</bibcode></e>", "a bibcode has 19 characters"),
        (
            "<e><bibcode>2021ApJ...900L..12M</bibcode><title>a</title><title>b</title></e>",
            "<title> stands there more",
        ),
        (
            "<e><bibcode>2021ApJ...900L..12M</bibcode><pubdate>soon</pubdate></e>",
            "pubdate: 'soon' is not a date",
        ),
        (
            "<e><bibcode>2021ApJ...900L..12M</bibcode><subdate>soon</subdate></e>",
            "subdate: 'soon' is not a date",
        ),
        ("<e><bibcode>2021ApJ...900L..12M</bibcode><tag>None</tag></e>", "there is no tag 'None'"),
        (f"<e><bibcode>{escape(BIBCODE)}</bibcode></e>", "the same paper as in line 1"),
    ],
)
def test_a_bad_entry_is_named_with_its_line_and_the_good_ones_are_kept(file, entry, words):
    report = import_papers(
        file(document("").replace("</publications>", f"\n{entry}</publications>"), "p.xml")
    )

    assert [paper.bibcode for paper in Paper.objects.all()] == [BIBCODE]
    assert [line for line, _ in report.reasons] == [2]
    assert_matches(report.reasons[0][1], words)


def test_a_character_that_xml_cannot_hold_is_left_out_of_the_export():
    PaperFactory(bibcode=BIBCODE, title="a\x0bb \U0001f52d")

    assert "<title>ab \U0001f52d</title>" in exported()
    ElementTree.fromstring(exported())
