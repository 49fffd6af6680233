"""The words of a query are marked where they were found."""

from hypothesis import given
from hypothesis import strategies as st

from publications.search.snippets import marked, snippet
from publications.templatetags import search_marks


def shown(pieces):
    return "".join(f"[{text}]" if hit else text for text, hit in pieces)


def test_words_phrases_and_beginnings_are_marked_in_a_title():
    title = "Interferometry of α Cen with MIRC-X: H<SUB>2</SUB>O in the étoile"

    assert shown(marked(title, 'interfero mirc-x "alpha cen" h2o etoile')) == (
        "[Interferometry] of [α Cen] with [MIRC-X]: [H2O] in the [étoile]"
    )


def test_a_short_word_is_marked_only_whole():
    assert shown(marked("HD and HDE", "hd")) == "[HD] and HDE"


def test_what_was_not_looked_for_in_a_title_is_not_marked():
    assert shown(marked("Stars of 2012", "-stars author:stars keyword:stars year:2012")) == "Stars of 2012"


def test_a_query_that_is_none_marks_nothing():
    assert shown(marked("Stars", '"stars')) == "Stars"
    assert shown(marked("Stars", None)) == "Stars"


def test_a_snippet_is_250_characters_around_the_first_hit():
    abstract = "before " * 100 + "the fringes of stars " + "after " * 100

    text = shown(snippet(abstract, "fringe"))

    assert "the [fringes] of stars" in text
    assert text.startswith("…before ")
    assert text.endswith(" after…")
    assert 200 < len(text) <= 254


def test_a_snippet_without_a_hit_is_empty_and_a_short_abstract_is_whole():
    assert snippet("nothing here", "fringe") == []
    assert shown(snippet("a fringe", "fringe")) == "a [fringe]"


def test_what_is_shown_is_escaped():
    assert (
        search_marks.marked("a &lt;script&gt; & star", "star") == "a &lt;script&gt; &amp; <mark>star</mark>"
    )
    assert search_marks.snippet("<b>stars</b> &lt;img&gt;", "img") == "stars &lt;<mark>img</mark>&gt;"


@given(st.text(max_size=400), st.text(alphabet='abé "-', max_size=10))
def test_marking_changes_no_character(text, q):
    assert "".join(piece for piece, _ in marked(text, q)) == "".join(piece for piece, _ in marked(text, ""))
