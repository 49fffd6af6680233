"""What a query finds, where an example says it better than queries at random."""

import pytest
from django.http import QueryDict

from publications.filters import PaperFilterSet
from publications.models import Identifier, Paper, TagSlug
from publications.search.authors import written_by
from publications.search.errors import QueryError
from publications.search.matching import searched
from tests.factories import HiddenTagFactory, PaperFactory, TagFactory, TargetFactory

pytestmark = pytest.mark.django_db


def finds(q, user=None):
    return list(Paper.objects.filter(searched(q, user)).values_list("title", flat=True).order_by("title"))


def test_a_phrase_does_not_reach_from_one_value_into_the_next():
    PaperFactory(title="x", keywords=["binaries", "close", "dust"], authors=["Mérand, A.", "Bouquin, J."])

    assert finds('"binaries"') == ["x"]
    assert finds('"binaries close"') == []
    assert finds('keyword:"close dust"') == []
    assert finds('"a bouquin"') == []


def test_initials_match_the_given_names_that_they_begin():
    PaperFactory(title="initial", authors=["Mérand, A."])
    PaperFactory(title="name", authors=["Mérand, Antoine"])
    PaperFactory(title="other name", authors=["Mérand, Alain"])
    PaperFactory(title="two", authors=["Mérand, A. B."])
    PaperFactory(title="longer surname", authors=["Mérand-Star, A."])

    assert finds('author:"Mérand, A"') == ["initial", "name", "other name", "two"]
    assert finds('author:"merand, antoine"') == ["initial", "name", "two"]
    assert finds('author:"Mérand, A. C."') == ["initial", "name", "other name"]
    assert finds('author:"Mérand, Ant"') == ["initial", "two"]
    assert finds("author:Mérand") == ["initial", "longer surname", "name", "other name", "two"]
    assert finds("author:Mér") == []


def test_the_first_author_is_asked_for_with_a_caret():
    PaperFactory(title="first", authors=["Le Bouquin, J.-B.", "Mérand, A."])
    PaperFactory(title="second", authors=["Mérand, A.", "Le Bouquin, J.-B."])

    assert finds('author:"^Le Bouquin, Jean-Baptiste"') == ["first"]
    assert finds("author:^Mérand") == ["second"]


def test_a_common_surname_with_thousands_of_spellings_can_be_asked_a_hundred_times():
    PaperFactory(title="x", authors=[f"Wang, W{number:x}" for number in range(40)])

    assert finds(" OR ".join(['author:"Wang,"'] * 100)) == ["x"]


@pytest.mark.parametrize(
    ("years", "found"),
    [
        ("0000", []),
        ("-0000", []),
        ("0000-0000", []),
        ("0000-", ["x"]),
        ("0000-2012", ["x"]),
        ("2012-", ["x"]),
    ],
)
def test_the_year_zero_is_a_bound_like_any_other(years, found):
    PaperFactory(title="x", year=2012)

    assert finds(f"year:{years}") == found
    assert [paper.title for paper in PaperFilterSet(QueryDict(f"year={years}")).papers] == found


def test_part_of_an_old_bibcode_finds_the_paper():
    paper = PaperFactory(title="x", bibcode="2020A&A...641A..85C")
    Identifier.of(paper, "2020arXiv200100001C").save()

    assert finds("arxiv20010") == ["x"]
    assert finds("a&a...641") == ["x"]
    assert finds("641a..85c") == ["x"]
    assert finds("bibcode:2020arXiv200100001C") == ["x"]
    assert finds("85C") == []


def test_what_means_something_to_a_database_means_nothing():
    PaperFactory(title="percent 100 under")
    for q in ["per_ent", "pe%", '"100%%"', "per*nt", "x' OR 1", "\\x", "title:% OR x"]:
        try:
            found = finds(q)
        except QueryError:
            found = []
        assert found == ([] if q != '"100%%"' else ["percent 100 under"]), q
    assert finds("percent* under") == ["percent 100 under"]


def test_a_tag_is_named_by_name_slug_or_old_slug_whatever_the_case():
    tag = TagFactory(name="Evolved stars (AGB, RSG)")
    TagSlug.objects.create(slug="old-stars", tag=tag)
    PaperFactory(title="x", tags=[tag])

    for name in ['"evolved STARS (agb, rsg)"', "evolved-stars-agb-rsg", "Old-Stars"]:
        assert finds(f"tag:{name}") == ["x"]


def test_a_hidden_tag_is_answered_as_an_unknown_one_except_to_a_curator(curator):
    PaperFactory(title="x", tags=[HiddenTagFactory(name="JMMC staff")])

    def said(q):
        with pytest.raises(QueryError) as refused:
            finds(q)
        return str(refused.value)

    assert said('tag:"JMMC staff"') == said('tag:"JMMC stuff"').replace("stuff", "staff")
    assert finds('tag:"JMMC staff"', curator) == ["x"]


def test_an_unknown_tag_target_or_bibstem_is_named():
    TagFactory(name="GRAVITY")

    with pytest.raises(
        QueryError, match=r"there is no tag “gravty” \(did you mean “GRAVITY”\?\), at character 3"
    ):
        finds("a tag:gravty")
    with pytest.raises(QueryError, match="there is no target “HD 999999”"):
        finds('target:"HD 999999"')
    with pytest.raises(QueryError, match="there is no journal with the bibstem “XYZ”"):
        finds("bibstem:XYZ")


def test_a_target_is_found_by_each_spelling_of_its_names():
    paper = PaperFactory(title="x")
    TargetFactory(name="* alf Ori").links.create(paper=paper, kind="named")

    assert finds('target:"α Ori"') == finds('target:"ALF ORI"') == ["x"]


def test_the_deepest_and_widest_query_is_answered():
    PaperFactory(title="star")

    assert finds("(" * 30 + " OR ".join(["star"] * 100) + ")" * 30) == ["star"]
    assert finds("-(" * 29 + " ".join(['"star"'] * 100) + ")" * 29) == []


def test_the_door_for_authors_refuses_a_name_without_a_surname():
    with pytest.raises(ValueError, match="an author is a surname, or “Surname, Given”"):
        written_by(", A.")
    PaperFactory(title="x", authors=["Mérand, A.", "Kervella, P."])

    assert Paper.objects.filter(written_by("kervella, pierre")).count() == 1
    assert Paper.objects.filter(written_by("kervella, pierre", first=True)).count() == 0
