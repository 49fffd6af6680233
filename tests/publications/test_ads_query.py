"""A selection as a query of ADS; what ADS cannot express is named."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from publications.ads_query import translated
from publications.filters import PaperFilterSet
from publications.models import Library
from publications.views.selection import SHOWING
from tests.factories import JournalFactory, PaperFactory, TagFactory, TargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def libraries():
    Library.objects.create(name="olbin-refereed", ads_id="L" * 22)
    Library.objects.create(name="tag-olbin VLTI", ads_id="V" * 22, tag=TagFactory(name="VLTI"))
    TagFactory(name="CHARA")
    PaperFactory(bibcode="2026arXiv260419210S", arxiv="2604.19210")
    PaperFactory(bibcode="2012A&A...540A...5D")
    JournalFactory(bibstem="A&A")
    TargetFactory(name="Betelgeuse")


def asked(selection):
    bound = PaperFilterSet(QueryDict(selection), user=AnonymousUser())
    assert bound.is_valid(), bound.messages()
    return translated(bound)


OURS = f"docs(library/{'L' * 22})"
VLTI = f"docs(library/{'V' * 22})"


@pytest.mark.parametrize(
    ("selection", "query"),
    [
        ("", OURS),
        ("tag=vlti", f"{OURS} {VLTI}"),
        ("not=vlti", f"{OURS} -{VLTI}"),
        ("year=2012-2016", f"{OURS} year:[2012 TO 2016]"),
        ("year=2012-", f"{OURS} year:[2012 TO 9999]"),
        ("year=0000", f"{OURS} year:[0 TO 0]"),
        ("refereed=yes", f"{OURS} property:refereed"),
        ("journal=A%26A", f'{OURS} bibstem:"A&A"'),
        ("first-author=M%C3%A9rand, A", f'{OURS} author:"^Mérand, A"'),
        ("authors=1-3", f"{OURS} author_count:[1 TO 3]"),
        ("target=betelgeuse", f'{OURS} object:"Betelgeuse"'),
        ("q=title:star OR author:%22Smith, J%22", f'{OURS} (title:"star" OR author:"Smith, J")'),
        ("q=title:star -abs:dust", f'{OURS} (title:"star" AND (*:* -abs:"dust"))'),
        ("q=disk", f'{OURS} (abs:"disk" OR author:"disk")'),
        ("q=2012", f'{OURS} (abs:"2012" OR author:"2012" OR year:"2012")'),
        ("q=https://doi.org/10.1051/x", f'{OURS} identifier:"10.1051/x"'),
    ],
)
def test_a_condition_is_asked_in_the_words_of_ads(selection, query):
    translation = asked(selection)

    assert (translation.text, translation.left_out) == (query, [])


@pytest.mark.parametrize(
    ("selection", "left_out"),
    [
        ("tag=chara", "the tag CHARA (its library is not at ADS yet)"),
        ("tag=chara&op=or", "the tag CHARA (its library is not at ADS yet)"),
        (
            "tag=chara&tag=vlti&op=or",
            "any of the tags CHARA, VLTI (not all of their libraries are at ADS yet)",
        ),
        ("q=tag:VLTI OR interfero", "tag:VLTI OR interfero"),
        ("q=(tag:VLTI disk) OR -tag:CHARA OR dust", "(tag:VLTI AND disk) OR -tag:CHARA OR dust"),
        ("q=-(tag:VLTI disk)", "-(tag:VLTI AND disk)"),
        ('q=tag:"VLTI"', 'tag:"VLTI"'),
        ("added=2026-01-01/", "the day of entry 2026-01-01/"),
        ("source=jmdc", "the source jmdc"),
        ("catalogue=no", "the mark “catalogue”: no"),
        (
            "bibcode=2012A%26A...540A...5D&bibcode=2604.19210",
            "the choice of papers: 2012A&A...540A...5D, 2604.19210",
        ),
    ],
)
def test_what_ads_cannot_express_is_named_and_the_rest_is_asked(selection, left_out):
    translation = asked(selection)

    assert (translation.text, translation.left_out) == (OURS, [left_out])


def test_a_cone_is_named_by_its_position_and_radius():
    translation = asked("ra=88.79&dec=7.4&radius=90")

    assert (translation.text, translation.left_out) == (
        OURS,
        [
            "the position’s right ascension 88.79",
            "the position’s declination 7.4",
            "the radius around it, in degrees: 90",
        ],
    )


def test_of_words_what_ads_can_express_is_asked():
    translation = asked("q=(tag:VLTI OR interfero) disk&year=2000-")

    assert translation.text == f'{OURS} (abs:"disk" OR author:"disk") year:[2000 TO 9999]'
    assert translation.left_out == ["tag:VLTI OR interfero"]


# A value of each; a position stands under its radius.
CONDITIONS = {
    "q": "disk", "tag": "chara", "not": "chara", "untagged": "Facility", "year": "2012", "refereed": "yes",
    "journal": "A%26A", "bibcode": "2604.19210", "author": "M%C3%A9rand", "first-author": "M%C3%A9rand",
    "authors": "1", "keyword": "stars", "target": "Betelgeuse",
    "radius": "1&ra=1&dec=1", "source": "jmdc", "catalogue": "no", "added": "2026-01-01/",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PaperFilterSet.base_filters.keys() - {*SHOWING, "op", "ra", "dec"}))
def test_each_condition_of_a_selection_is_asked_or_named(name):
    translation = asked(f"{name}={CONDITIONS[name]}")

    assert translation.text != OURS or translation.left_out != []


def test_a_few_papers_are_asked_for_one_by_one(client):
    text = client.get("/ads/?bibcode=2012A%26A...540A...5D").content.decode()

    assert "bibcode:(&quot;2012A&amp;A...540A...5D&quot;)" in text


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        ("", "Every paper is selected: there is no condition to ask for."),
        ("source=jmdc", "ADS can express none of its conditions."),
    ],
)
def test_without_our_library_it_is_said_why_nothing_is_asked(client, selection, said):
    Library.objects.all().delete()

    assert said in client.get(f"/ads/?{selection}").text


@pytest.mark.parametrize(
    ("papers", "selection", "said"),
    [
        (50, "", "Exactly these 50 papers"),
        (51, "", "This selection is too large to open paper by paper (limit 50); ADS can be searched"),
        (2, "q=nothingfound", "No paper here meets all of these conditions; ADS can be searched"),
    ],
)
def test_papers_are_opened_one_by_one_up_to_a_limit(client, papers, selection, said):
    for _ in range(papers - 2):
        PaperFactory()

    assert said in client.get(f"/ads/?{selection}").text
