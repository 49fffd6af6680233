import pytest

from harvest.rules import BrokenRule, Filling, address_length, group_query, long_queries, names_of


def test_placeholders_are_filled_and_unbound_subtractions_dropped():
    filling = Filling({"olbin-refereed": "abc"}, ["VLTI", "Mark III"], ["ASPC", "MNRAS.tmp"])

    filled = filling.fill(
        "abs:<names> -docs(library/<olbin-refereed>) -docs(library/<olbin-blocklist>) "
        "-bibstem:<filtered-bibstems>"
    )

    assert filled == 'abs:("VLTI" OR "Mark III") -docs(library/abc) -bibstem:(ASPC OR MNRAS.tmp)'


def test_library_that_must_be_there_is_named_when_it_is_not():
    with pytest.raises(BrokenRule, match="<olbin-refereed>"):
        Filling({}, [], []).fill("docs(library/<olbin-refereed>)")


def test_names_are_those_of_the_facility_rules():
    assert names_of(['=full:("A" OR "B C")', '=full:("A")']) == ["A", "B C"]


def test_group_is_found_by_citations_or_by_name_beside_jmmc():
    assert group_query(["2006A&A...456..789B"], ["LITpro"], ["JMMC"]) == (
        '(citations(identifier:("2006A&A...456..789B")) OR (=full:("JMMC") AND =full:("LITpro")))'
    )
    with pytest.raises(BrokenRule):
        group_query([], [], ["JMMC"])


def test_long_query_is_split_before_the_address_grows_too_long():
    bringing = [f'=full:("{"name " * 20}{n}")' for n in range(60)]

    queries = long_queries("year:[2000 TO NOW]", "-bibstem:(ASPC)", bringing, ["property:refereed"])

    assert len(queries) > 1
    assert all(address_length(query) <= 3800 for query in queries)
    assert all(sum(rule in query for query in queries) == 1 for rule in bringing)
    with pytest.raises(BrokenRule, match="too long for ADS"):
        long_queries("", "", ["x" * 4000], [])
