"""A selection as a query of ADS; what ADS cannot express is named."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from publications.ads_query import translated
from publications.filters import PaperFilterSet
from publications.models import Library
from tests.factories import JournalFactory, PaperFactory, TagFactory, TargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def libraries():
    Library.objects.create(name="olbin-refereed", ads_id="L" * 22)
    Library.objects.create(name="tag-olbin VLTI", ads_id="V" * 22, tag=TagFactory(name="VLTI"))
    TagFactory(name="CHARA")
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
        ("refereed=yes", f"{OURS} property:refereed"),
        ("journal=A%26A", f'{OURS} bibstem:"A&A"'),
        ("first-author=M%C3%A9rand, A", f'{OURS} author:"^Mérand, A"'),
        ("authors=1-3", f"{OURS} author_count:[1 TO 3]"),
        ("target=betelgeuse", f'{OURS} object:"Betelgeuse"'),
        ("q=title:star OR author:%22Smith, J%22", f'{OURS} (title:"star" OR author:"Smith, J")'),
        ("q=title:star -abs:dust", f'{OURS} (title:"star" AND (*:* -abs:"dust"))'),
        ("q=star", f'{OURS} (abs:"star" OR author:"star" OR year:"star")'),
    ],
)
def test_a_condition_is_asked_in_the_words_of_ads(selection, query):
    translation = asked(selection)

    assert (translation.text, translation.left_out) == (query, [])


@pytest.mark.parametrize(
    ("selection", "left_out"),
    [
        ("tag=chara", "the tag CHARA (its library is not at ADS yet)"),
        ("tag=chara&tag=vlti&op=or", "the tag CHARA (its library is not at ADS yet)"),
        ("added=2026-01-01/", "the day of entry 2026-01-01/"),
        ("source=jmdc", "the source jmdc"),
    ],
)
def test_what_ads_cannot_express_is_named_and_the_rest_is_asked(selection, left_out):
    translation = asked(selection)

    assert (translation.text, translation.left_out) == (OURS, [left_out])


def test_a_few_papers_are_asked_for_one_by_one(client):
    PaperFactory(bibcode="2012A&A...540A...5D")

    text = client.get("/ads/").content.decode()

    assert "bibcode:(&quot;2012A&amp;A...540A...5D&quot;)" in text
