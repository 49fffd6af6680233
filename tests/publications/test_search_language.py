"""The grammar of `q`, and what is said of a query that has none."""

import time

import pytest

from publications.search.errors import QueryError
from publications.search.language import And, Not, Or, parse, wanted_terms, written
from publications.search.terms import Term


def shape(tree):
    """The tree as text, fully bracketed."""
    match tree:
        case Term():
            field = f"{tree.field}:" if tree.field else ""
            return field + (f'"{tree.text}"' if tree.quoted else tree.text)
        case Not(part):
            return f"!{shape(part)}"
        case And(parts):
            return "(" + " & ".join(map(shape, parts)) + ")"
        case Or(parts):
            return "(" + " | ".join(map(shape, parts)) + ")"


@pytest.mark.parametrize(
    ("q", "meaning"),
    [
        ("a b", "(a & b)"),
        ("a OR b c", "((a | b) & c)"),
        ("a b OR c", "(a & (b | c))"),
        ("a OR b AND c", "(a | (b & c))"),
        ("NOT a AND b", "(!a & b)"),
        ("a NOT b", "(a & !b)"),
        ("a -b", "(a & !b)"),
        ("-(a b)", "!(a & b)"),
        ("--a", "a"),
        ("NOT -a", "a"),
        ("(a OR b) (c)", "((a | b) & c)"),
        ("a or b and not c", "(a & or & b & and & not & c)"),
        ('"a phrase" b', '("a phrase" & b)'),
        ("“a phrase”", '"a phrase"'),
        ('-"a b"', '!"a b"'),
        ('author:"Mérand, A"', 'author:"Mérand, A"'),
        ("Author:Mérand", "author:Mérand"),
        ("MIRC-X B[e]", "(MIRC-X & B[e])"),
        ("Betelgeuse: star", "(Betelgeuse: & star)"),
        ("f(x)", "(f & x)"),
        ('a"b"', '(a & "b")'),
        ("NEAR star* ^x", "(NEAR & star* & ^x)"),
        ("doi:10.1016/0019-1035(84)90019-9", "doi:10.1016/0019-1035(84)90019-9"),
        ("(doi:10.1016/0019-1035(84)90019-9)", "doi:10.1016/0019-1035(84)90019-9"),
        ("year:-2011", "year:-2011"),
        (" \t\na\u3000b ", "(a & b)"),
    ],
)
def test_a_query_means(q, meaning):
    assert shape(parse(q)) == meaning
    assert shape(parse(written(parse(q)))) == meaning


@pytest.mark.parametrize(
    ("q", "said", "position"),
    [
        ("", "nothing to search for, at the end", 0),
        ("   ", "nothing to search for", 3),
        ('stars "optical', "the quotation mark is not closed", 6),
        ('"', "the quotation mark is not closed", 0),
        ("stars (dust", "the bracket is not closed", 6),
        ("stars) dust", "this bracket was never opened", 5),
        ("a ()", "nothing to search for in the bracket", 2),
        ("a - b", "“-” stands alone", 2),
        ("a -", "“-” stands alone", 2),
        ("(a -)", "“-” stands alone", 3),
        ("a AND", "nothing to search for behind “AND”", 2),
        ("a AND OR b", "nothing to search for behind “AND”", 2),
        ("OR a", "nothing to search for before “OR”", 0),
        ("NOT", "nothing to search for behind “NOT”", 0),
        ("& stars", "nothing to search for in “&”", 0),
        ("звезда", "Latin or Greek letters", 0),
        ('""', "nothing to search for in “”", 0),
        ("a titel:b", "there is no field “titel:”, the fields are author:, title:, abs:, keyword:, year:", 2),
        ("author: x", "write it right behind the colon", 0),
        ("title:(a b)", "write the field before each word", 0),
        ('author:", A"', "an author is a surname", 0),
        ("year:20", "“20” is no year: write 2012, 2012-2016, 2012- or -2011", 0),
        ("year:-", "is no year", 0),
        ("year:2016-2012", "write 2012-2016", 0),
        ("year:２０１２", "is no year", 0),
        ("bibcode:abc", "is no part of a bibcode", 0),
        ("doi:11.1", "is no DOI", 0),
        ("arxiv:x", "is no arXiv id", 0),
        ('tag:" "', "tag: has no value", 0),
        ("target:***", "the name of a star is expected", 0),
        ("a\x00b", "the character U+0000 cannot be searched, at character 2 (“�b”)", 1),
        ("a\ud800", "the character U+D800 cannot be searched", 1),
        ("(" * 31 + "a" + ")" * 31, "brackets are nested more than 30 deep", 30),
        ("x " * 101, "the search has more than 100 terms", 200),
        ("x" * 2001, "the search has 2001 characters; 2000 are allowed", 2000),
    ],
)
def test_what_is_no_query_is_refused_where_it_breaks(q, said, position):
    with pytest.raises(QueryError) as refused:
        parse(q)

    assert said in str(refused.value)
    assert refused.value.position == position


def test_a_message_quotes_the_text_at_the_place_without_invisible_characters():
    with pytest.raises(QueryError, match="at character 7 \\(“titel:star�s and so …”\\)"):
        parse("stars titel:star\u202es and so on and on")


def test_a_hundred_terms_and_two_thousand_characters_are_allowed():
    assert len(wanted_terms(parse("x " * 100))) == 100
    assert parse("x" * 2000).text == "x" * 2000


@pytest.mark.parametrize(
    "q", ["-" * 1999 + "a", "NOT " * 499 + "a", "(" * 2000, "doi:" + "(" * 1990, "a:" * 1000]
)
def test_hostile_queries_cost_no_time(q):
    start = time.process_time()
    try:
        parse(q)
    except QueryError as refused:
        assert len(str(refused)) < 400  # noqa: PT017
    assert time.process_time() - start < 0.5


def test_terms_under_a_not_are_not_wanted():
    assert [term.text for term in wanted_terms(parse("a -b -(c -d) NOT NOT e"))] == ["a", "d", "e"]
