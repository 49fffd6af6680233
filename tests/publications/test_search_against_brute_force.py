"""Queries at random: the database answers as a plain scan of the papers does."""

from collections import Counter
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publications.models import Paper
from publications.search.errors import QueryError
from publications.search.identifiers import recognise
from publications.search.language import parse
from publications.search.matching import searched
from tests.publications import brute_force
from tests.publications.brute_force import Field, Phrase, Word
from tests.publications.search_papers import AUTHORS, KEYWORDS, STEMS, TAGS, TARGETS, TEXTS, papers, store

PAPERS = papers()


def usable(text):
    """Whether ``text`` can stand without quotes as one term that has something to search for."""
    bare = text not in ("AND", "OR", "NOT") and not set(text) & set('" ()') and text[0] != "-"
    return bare and bool(brute_force.words(text)) and ":" not in text


WORDS = sorted({part for text in [*TEXTS, *KEYWORDS, *AUTHORS] for part in text.split() if usable(part)})
PARTS = [(0, 4), (2, 9), (4, 13), (9, 13), (10, 15), (13, 19)]
# Typed in part, in capitals, without accents.
typed = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).map(str.upper),
    st.sampled_from(sorted({word[:4] for word in WORDS if word.isalpha()})),
    st.sampled_from(sorted({word[:2] for word in WORDS if word.isalpha() and word[:2] not in ("OR",)})),
    st.sampled_from([paper["bibcode"][a:b] for paper in PAPERS[:40] for a, b in PARTS]),
).filter(usable)
# Whole values, and values beside one another, into which no phrase reaches.
VALUES = [[[paper["title"]], paper["keywords"], paper["authors"]] for paper in PAPERS]
inside = st.sampled_from([text for paper in VALUES for texts in paper for text in [*texts, " ".join(texts)]])


@st.composite
def quoted(draw):
    """Some successive words of a text that exists."""
    parts = draw(inside).replace('"', "").split()
    start = draw(st.integers(0, max(0, len(parts) - 1)))
    return " ".join(parts[start : start + draw(st.integers(1, 3))]) or "star"


phrases = quoted().filter(brute_force.words)
spelled = st.one_of(
    st.sampled_from(AUTHORS),
    st.sampled_from(
        ["Mérand", "merand, a", "Mérand, B.", "Le Bouquin", "bouquin", "le bouquin, j", "Brummelaar"]
    ),
    st.sampled_from(["Jørgensen, U. G.", "O'Brien", "Collaboration", "Mérand,", "Star", "Walesa, Lech"]),
)


def field(name, texts, quoted=True):
    return texts.map(lambda text: Field(name, text, quoted))


terms = st.one_of(
    typed.map(Word),
    typed.map(Word),
    phrases.map(Phrase),
    field("author", spelled),
    field("author", spelled.map("^{}".format)),
    *[field(name, typed, quoted=False) for name in ("title", "abs", "keyword")],
    *[field(name, phrases) for name in ("title", "abs", "keyword")],
    field("year", st.sampled_from(["2012", "2010-2013", "2014-", "-2011", "1999"]), quoted=False),
    field("tag", st.sampled_from([*TAGS, *TAGS.values(), "gravity", "EVOLVED STARS (agb, rsg)"])),
    field("bibcode", st.sampled_from([paper["bibcode"][4:14] for paper in PAPERS]), quoted=False),
    field("bibstem", st.sampled_from([*STEMS, "a&a"]), quoted=False),
    field("doi", st.sampled_from(["10.1051/test/4", "10.1051/TEST/7", "10.9999/none"]), quoted=False),
    field("arxiv", st.sampled_from(["1203.0007", "1203.0011v2", "1203.0008"]), quoted=False),
    field("target", st.sampled_from([name for names in TARGETS for name in names])),
)


def queries(items):
    each = st.lists(st.tuples(st.sampled_from([False, False, False, True]), items), min_size=1, max_size=2)
    return st.lists(st.lists(each, min_size=1, max_size=2), min_size=1, max_size=3)


query = queries(st.one_of(terms, terms, queries(terms).map(lambda inner: ("query", inner))))


def text_of(query):
    """The query as a reader types it, with only the brackets that it has."""
    return " ".join(" OR ".join(" AND ".join(map(text_of_item, each)) for each in some) for some in query)


def text_of_item(negated_item):
    negated, item = negated_item
    sign = "NOT " if negated and isinstance(item, Field) else "-" if negated else ""
    if item[0] == "query":
        return f"{sign}({text_of(item[1])})"
    if isinstance(item, Word):
        return sign + item.text
    if isinstance(item, Phrase):
        return f'{sign}"{item.text}"'
    return f'{sign}{item.name}:"{item.text}"' if item.quoted else f"{sign}{item.name}:{item.text}"


@pytest.mark.django_db
@pytest.mark.timeout(600)
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(query, st.sampled_from(["", "&tag=gravity", "&year=2011-2013", "&not=gravity&year=2012-"]))
def test_list_order_counts_and_csv_agree_with_a_plain_scan(client, stored, query, parameters):
    q = text_of(query)
    expected = [
        paper for paper in PAPERS if brute_force.holds(paper, query) and ALSO[parameters](paper, slugs(paper))
    ]
    bibcodes = sorted(paper["bibcode"] for paper in expected)
    address = f"q={quote(q)}{parameters}"

    csv_lines = b"".join(client.get(f"/papers.csv?{address}").streaming_content).decode().split("\r\n")
    assert [line.split(",")[0] for line in csv_lines[1:-1]] == bibcodes, address
    page = client.get(f"/papers/?{address}&per_page=200")
    if page.status_code == 302:
        assert recognise(q)
        return
    latest_first = sorted(expected, key=lambda paper: (-paper["year"], paper["bibcode"]))
    listed = [paper.bibcode for paper in page.context["page"]]
    assert listed == [paper["bibcode"] for paper in latest_first], address
    assert page.context["page"].paginator.count == len(expected)
    assert dict(page.context["years"]) == Counter(paper["year"] for paper in expected)
    shown = {value.label: value.n for each in page.context["facets"] if each.css for value in each.values}
    counted = Counter(name for paper in expected for name, _ in paper["tags"])
    assert {name: n for name, n in shown.items() if n} == counted


ALSO = {
    "": lambda paper, tags: True,
    "&tag=gravity": lambda paper, tags: "gravity" in tags,
    "&year=2011-2013": lambda paper, tags: 2011 <= paper["year"] <= 2013,
    "&not=gravity&year=2012-": lambda paper, tags: "gravity" not in tags and paper["year"] >= 2012,
}


def slugs(paper):
    return [slug for _, slug in paper["tags"]]


@pytest.fixture
def stored(db):
    store(PAPERS)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=300) | st.text(alphabet='ab ()"-:^*ANDORT&é\u202e\u0301\x00', max_size=300))
def test_any_text_is_a_query_or_is_refused_with_a_reason(q):
    try:
        parse(q)
    except QueryError as error:
        refused = error
    else:
        return
    assert str(refused)
    assert 0 <= refused.position <= len(q)


@pytest.mark.django_db
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet="ab1 ()\"-:^*'%_\\{}&éα\u0301", max_size=60))
def test_any_query_can_be_asked_of_the_database(stored_few, q):
    try:
        condition = searched(q)
    except QueryError:
        return
    assert Paper.objects.filter(condition).count() <= 3


@pytest.fixture
def stored_few(db):
    store(PAPERS[:3])
