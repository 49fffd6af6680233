"""One term of a query: its field, its text, and what the text must look like. Pure."""

import re
from dataclasses import dataclass

from publications.folding import target_key, words_of
from publications.search.errors import QueryError, readable

YEARS = re.compile(r"(\d{4})|(\d{4})-(\d{4})|(\d{4})-|-(\d{4})", re.ASCII)
ARXIV = re.compile(
    r"(?:arxiv:)?(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?", re.ASCII | re.IGNORECASE
)
DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.\d{4,9}/.+", re.ASCII | re.IGNORECASE)
# What can stand in a bibcode. A shorter part would be part of nearly all.
PART_OF_BIBCODE = re.compile(r"[A-Za-z0-9.&:+*_'-]{4,19}", re.ASCII)
SHORTEST_PREFIX = 3


@dataclass(frozen=True)
class Term:
    """``field`` is "" for a bare term; ``text`` is as typed, without quotes."""

    field: str
    text: str
    quoted: bool
    start: int
    end: int

    @property
    def words(self):
        return tuple(words_of(self.text))

    @property
    def is_prefix(self):
        """Whether the term is also found as the start of a word."""
        words = self.words
        return not self.quoted and len(words) == 1 and len(words[0]) >= SHORTEST_PREFIX

    @property
    def first_author(self):
        return self.field == "author" and self.text.lstrip().startswith("^")


def years_of(text):
    """``2012``, ``2012-2016``, ``2012-``, ``-2011`` → (first, last), None for an open side."""
    match = YEARS.fullmatch(text.strip())
    if not match:
        raise ValueError(f"“{readable(text)}” is no year: write 2012, 2012-2016, 2012- or -2011")
    year, first, last, since, until = (int(part) if part else None for part in match.groups())
    if year is not None:
        return year, year
    if first is None:
        return since, until
    if first > last:
        raise ValueError(f"“{readable(text)}” ends before it begins: write {last:04}-{first:04}")
    return first, last


def check_words(term):
    if not term.words:
        raise ValueError(
            f"nothing to search for in “{readable(term.text)}”: a word has Latin or Greek letters or digits"
        )


def check_author(term):
    check_name(term.text)


def check_name(name):
    """Refuse (ValueError) a name of an author of whose surname nothing can be searched."""
    if not words_of(name.lstrip(" ^").partition(",")[0]):
        raise ValueError(
            f"nothing to search for in “{readable(name)}”: an author is a surname, or “Surname, Given”"
        )


def check_year(term):
    years_of(term.text)


def check_text(term):
    if not term.text.strip():
        raise ValueError(f"{term.field}: has no value")


def check_bibcode(term):
    if not PART_OF_BIBCODE.fullmatch(term.text):
        raise ValueError(
            f"“{readable(term.text)}” is no part of a bibcode: 4 to 19 letters, digits, . & : + are expected"
        )


def check_doi(term):
    if not DOI.fullmatch(term.text.strip()):
        raise ValueError(f"“{readable(term.text)}” is no DOI: 10.1051/0004-6361/201118179 is one")


def check_arxiv(term):
    if not ARXIV.fullmatch(term.text.strip()):
        raise ValueError(f"“{readable(term.text)}” is no arXiv id: 1203.1234 and astro-ph/9810261 are")


def check_target(term):
    if not target_key(term.text):
        raise ValueError(f"nothing to search for in “{readable(term.text)}”: the name of a star is expected")


CHECKS = {
    "": check_words,
    "author": check_author,
    "title": check_words,
    "abs": check_words,
    "keyword": check_words,
    "year": check_year,
    "tag": check_text,
    "bibcode": check_bibcode,
    "bibstem": check_text,
    "doi": check_doi,
    "arxiv": check_arxiv,
    "target": check_target,
}
FIELDS = [field for field in CHECKS if field]


def checked(term, q):
    """``term``, or `QueryError` when its text is nothing that its field can hold."""
    try:
        CHECKS[term.field](term)
    except ValueError as error:
        raise QueryError(str(error), term.start, q) from error
    return term
