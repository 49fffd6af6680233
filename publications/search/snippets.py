"""The words of a query, marked in the text of a paper. Pure.

Texts come back as pieces, ``[("Massive ", False), ("stars", True)]``, without markup; whoever
shows them escapes them.
"""

import re
from functools import lru_cache

from publications.folding import plain, words_of
from publications.search.errors import QueryError
from publications.search.language import parse, wanted_terms

LENGTH = 250
BEFORE = 80
TITLE = ("", "title", "abs")
ABSTRACT = ("", "abs")
# Letters and digits with their accents; a soft hyphen does not part a word.
RUN = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u00ad\u200b-\u200d])+")


def marked(text, q, fields=TITLE):
    """All of ``text``, plain, with the words of ``q`` marked."""
    text = plain(text)
    return pieces(text, hits(text, patterns(q, fields)))


def snippet(text, q):
    """About 250 characters of an abstract around the first word of ``q``; nothing when none is in it."""
    text = plain(text)
    found = hits(text, patterns(q, ABSTRACT))
    if not found:
        return []
    start, end = window(text, found[0][0])
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in found if a < end and b > start]
    cut = pieces(text[start:end], inside)
    return [*([("…", False)] if start else []), *cut, *([("…", False)] if end < len(text) else [])]


def window(text, hit):
    """Where a part of ``text`` around ``hit`` starts and ends, between words."""
    start = max(0, min(hit - BEFORE, len(text) - LENGTH))
    if start:
        start = max(text.find(" ", start, hit) + 1, start)
    end = min(len(text), start + LENGTH)
    space = text.rfind(" ", hit, end)
    return start, space if end < len(text) and space > hit else end


@lru_cache(maxsize=256)
def patterns(q, fields):
    """(words, whether the last may go on) of each term that can be seen in ``fields``."""
    try:
        terms = wanted_terms(parse(q or ""))
    except QueryError:
        return ()
    return tuple((term.words, term.is_prefix) for term in terms if term.field in fields and term.words)


def hits(text, wanted):
    """Spans of ``text`` where a pattern is found; in order, none touches another."""
    if not wanted:
        return []
    words = [(word, run.start(), run.end()) for run in RUN.finditer(text) for word in words_of(run[0])]
    begun = by_beginning(wanted)
    spans = []
    for at, (word, start, _) in enumerate(words):
        possible = begun.get(word[0], ())
        lengths = [len(pattern) for pattern, prefix in possible if found_at(words, at, pattern, prefix)]
        if lengths:
            end = words[at + max(lengths) - 1][2]
            if spans and start < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
    return spans


def by_beginning(wanted):
    """``{first character: patterns}``: a word of a text is compared with a few of a long query only."""
    begun = {}
    for pattern, prefix in wanted:
        begun.setdefault(pattern[0][0], []).append((pattern, prefix))
    return begun


def found_at(words, at, pattern, prefix):
    if prefix:
        return words[at][0].startswith(pattern[0])
    if words[at][0] != pattern[0]:
        return False
    return tuple(word for word, _, _ in words[at : at + len(pattern)]) == pattern


def pieces(text, spans):
    cut, at = [], 0
    for start, end in spans:
        cut += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [piece for piece in [*cut, (text[at:], False)] if piece[0]]
