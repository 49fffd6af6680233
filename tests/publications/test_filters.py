"""What each parameter of a selection accepts, and what it says when refused."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from publications.filters import PaperFilterSet
from publications.models import SourceRecord, TagSlug, TargetAlias, TargetLink
from tests.factories import HiddenTagFactory, JournalFactory, PaperFactory, TagFactory, TargetFactory

pytestmark = pytest.mark.django_db


def select(query, user=None):
    return PaperFilterSet(QueryDict(query), user=user or AnonymousUser())


def bibcodes(query, user=None):
    selection = select(query, user)
    assert selection.is_valid(), selection.messages()
    return [paper.bibcode for paper in selection.papers]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("year=20l2", "year: “20l2” is not a year or a range of years; give 2012, 2012-2016, 2012- or -2011"),
        ("year=2016-2012", "year: “2016-2012” runs backwards; give 2012-2016"),
        ("year=2012-0000", "year: “2012-0000” runs backwards; give 0000-2012"),
        ("year=-", "year: “-” is not a year or a range of years; give 2012, 2012-2016, 2012- or -2011"),
        ("year=٢٠١٢", "year: “٢٠١٢” is not a year or a range of years; give 2012, 2012-2016, 2012- or -2011"),
        ("author=%26", "author: “&” is not a name; give one such as Mérand, A or Mérand"),
        ("first-author=, A.", "first-author: “, A.” is not a name; give one such as Mérand, A or Mérand"),
        ("year=2012&year=2013", "year: is given 2 times; give it once"),
        ("per_page=-1", "per_page: “-1” is not a whole number from 1 to 200"),
        ("per_page=201", "per_page: “201” is not a whole number from 1 to 200"),
        ("page=0", "page: “0” is not a whole number from 1 to 999,999"),
        ("page=1_0", "page: “1_0” is not a whole number from 1 to 999,999"),
        (
            "sort=;drop",
            "sort: “;drop” is not known; give one of: -date, date, -citations, author, title, -added",
        ),
        ("op=xor", "op: “xor” is not known; give one of: and, or"),
        ("refereed=maybe", "refereed: “maybe” is not known; give one of: yes, no"),
        ("tag=nothing-like-it", "tag: there is no tag “nothing-like-it”; /tags/ lists them all"),
        ("not=nothing-like-it", "not: there is no tag “nothing-like-it”; /tags/ lists them all"),
        ("journal=Nowhere", "journal: there is no journal “Nowhere” here; /journals/ lists them all"),
        (
            "added=2026-02-30/",
            "added: “2026-02-30/” is not a range of days; "
            "give 2026-01-01/2026-03-31, 2026-01-01/ or /2026-03-31",
        ),
        (
            "added=2026-03-01/2026-01-01",
            "added: “2026-03-01/2026-01-01” runs backwards; give 2026-01-01/2026-03-01",
        ),
        ("ra=10&dec=5", "radius: is missing; a position needs ra, dec and radius, in degrees"),
        ("ra=10&dec=91&radius=1", "dec: “91” is not from -90 to 90 degrees"),
        ("ra=nan&dec=0&radius=1", "ra: “nan” is not a decimal number"),
        ("authors=0-2", "authors: “0-2” is not a number of authors; give 1, 1-3 or 4-"),
        ("authors=3-1", "authors: “3-1” is not a number of authors; give 1, 1-3 or 4-"),
        ("author=...", "author: “...” is not a name; give one such as Mérand, A or Mérand"),
        ("source=ned", "source: “ned” is not known; give one of: oidb, jmdc, telbib"),
        ("untagged=Nope", "untagged: there is no category “Nope”; give one of: "),
        ("target=Nope", "target: there is no target “Nope” here; /targets/ looks for it, at SIMBAD too"),
        ("bibcode=Nope", "bibcode: there is no paper “Nope” here; /check/ tells where it stands"),
        ("q=(star", "q: the bracket is not closed, at character 1 (“(star”)"),
        ("year=2012%00", "year: Null characters are not allowed."),
        ("tag=vl%00ti", "tag: Null characters are not allowed."),
    ],
)
def test_a_malformed_parameter_selects_nothing_and_is_named(query, message):
    PaperFactory()

    selection = select(query)

    assert selection.messages() == [message]
    assert list(selection.papers) == []


def test_an_unknown_parameter_is_named_with_those_that_are_known():
    (message,) = select("yaer=2012").messages()

    assert message.startswith("yaer: there is no such parameter; known are ")
    assert " year, " in message


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("journal=A&A", "; if it belongs to journal, write A%26A"),
        ("q=dust&journal=Ap&SS", "; if it belongs to journal, write Ap%26SS"),
        ("q=H 1&2", "; if it belongs to q, write H%201%262"),
    ],
)
def test_a_value_that_an_ampersand_cut_in_two_is_written_out(query, hint):
    message = select(query).messages()[-1]

    assert "there is no such parameter" in message
    assert message.endswith(f"per_page{hint}")


def test_all_problems_are_told_at_once():
    assert len(select("year=x&page=x&sort=x").messages()) == 3


def test_tags_are_joined_by_and_unless_op_says_or():
    vlti, chara = TagFactory(name="VLTI"), TagFactory(name="CHARA")
    PaperFactory(bibcode="2001A&A...100....1A", tags=[vlti])
    PaperFactory(bibcode="2002A&A...100....1A", tags=[chara])
    PaperFactory(bibcode="2003A&A...100....1A", tags=[vlti, chara])

    assert bibcodes("tag=vlti&tag=chara") == ["2003A&A...100....1A"]
    assert len(bibcodes("tag=vlti&tag=chara&op=or")) == 3
    assert bibcodes("tag=vlti&not=chara") == ["2001A&A...100....1A"]
    assert bibcodes("tag=vlti&tag=chara&op=or&not=chara") == ["2001A&A...100....1A"]


def test_an_old_slug_of_a_tag_still_selects():
    tag = TagFactory(name="JWST")
    TagSlug.objects.create(slug="ngst", tag=tag)
    paper = PaperFactory(tags=[tag])

    assert bibcodes("tag=ngst") == [paper.bibcode]


def test_a_hidden_tag_is_unknown_except_to_a_curator(curator):
    paper = PaperFactory(tags=[HiddenTagFactory(name="Aspro")])

    hidden, unknown = select("tag=aspro").messages(), select("tag=xxxxx").messages()

    assert hidden[0].replace("aspro", "xxxxx") == unknown[0]
    assert bibcodes("tag=aspro", curator) == [paper.bibcode]


def test_papers_with_nothing_known_sort_last_and_ties_by_bibcode():
    JournalFactory()
    b = PaperFactory(bibcode="2001A&A...100....2B", citations=None, title="", authors=["Zz, Z."])
    a = PaperFactory(bibcode="2001A&A...100....1A", citations=7, title="Álpha")
    c = PaperFactory(bibcode="2001A&A...100....3C", citations=7, title="beta", authors=["Ab, C."])

    assert bibcodes("sort=-citations") == [a.bibcode, c.bibcode, b.bibcode]
    assert bibcodes("sort=title") == [a.bibcode, c.bibcode, b.bibcode]
    assert bibcodes("sort=author") == [c.bibcode, b.bibcode, a.bibcode]
    assert bibcodes("") == [a.bibcode, b.bibcode, c.bibcode]


def test_an_unknown_month_stands_before_the_known_ones_of_its_year():
    PaperFactory(bibcode="2001A&A...100....1A", pubdate="2001-05-00")
    PaperFactory(bibcode="2001A&A...100....2B")

    assert bibcodes("sort=date") == ["2001A&A...100....2B", "2001A&A...100....1A"]


def test_the_number_of_authors_counts_complete_lists_only():
    PaperFactory(bibcode="2001A&A...100....1A", authors=["A, A."])
    PaperFactory(bibcode="2002A&A...100....1A", authors=["A, A.", "B, B.", "C, C."])
    PaperFactory(bibcode="2003A&A...100....1A", authors=["A, A.", "B, B."], authors_complete=False)

    assert bibcodes("authors=1") == ["2001A&A...100....1A"]
    assert bibcodes("authors=2-") == ["2002A&A...100....1A"]
    assert bibcodes("authors=1-3") == ["2002A&A...100....1A", "2001A&A...100....1A"]


def test_authors_keywords_sources_and_missing_tags_select():
    facility = TagFactory(name="VLTI", category__name="Facility")
    paper = PaperFactory(authors=["Mérand, Antoine", "Berger, D."], keywords=["Techniques: Interferometric"])
    other = PaperFactory(authors=["Berger, David"], tags=[facility])
    SourceRecord.objects.create(source="oidb", bibcode=other.bibcode, paper=other)

    assert bibcodes("author=merand, a") == [paper.bibcode]
    assert bibcodes("first-author=Berger, D") == [other.bibcode]
    assert bibcodes("keyword=techniques interferometric") == [paper.bibcode]
    assert bibcodes("source=oidb") == [other.bibcode]
    assert bibcodes("untagged=Facility") == [paper.bibcode]
    assert bibcodes(f"bibcode={paper.bibcode.replace('&', '%26')}") == [paper.bibcode]


def test_targets_select_by_name_alias_and_position():
    betelgeuse = TargetFactory(name="alf Ori", ra=88.793, dec=7.407)
    paper = PaperFactory()
    PaperFactory()
    TargetLink.objects.create(paper=paper, target=betelgeuse, kind="measured")
    TargetAlias.objects.create(target=betelgeuse, name="HD 39801")

    for name in ("* alf Ori", "α Ori", "HD39801"):
        assert bibcodes(f"target={name}") == [paper.bibcode]
    assert bibcodes("ra=88.8&dec=7.4&radius=0.1") == [paper.bibcode]
    assert bibcodes("ra=88.8&dec=0&radius=0.1") == []


def test_words_and_parameters_meet():
    paper = PaperFactory(title="Stars with dust", year=2012)
    PaperFactory(title="Stars with dust", bibcode="2011A&A...540....9D")

    assert bibcodes("q=dust&year=2012") == [paper.bibcode]
