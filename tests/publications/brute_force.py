"""The search language answered by a plain scan, written from its description alone.

It shares nothing with the site: papers are dicts, a query is nested lists as the grammar has
them (not text), words are folded by a few lines of their own. Slow, and easy to read.

A query is ``[any, …]`` (all must hold), an any ``[all, …]`` (one must hold), an all
``[(negated, item), …]`` (each must hold), an item a ``Word``, ``Phrase`` or ``Field`` below or
``("query", query)``.
"""

import re
import unicodedata
from html import unescape
from typing import NamedTuple

GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "π": "pi", "μ": "mu", "ω": "omega"}
LATEX = {
    r"\'e": "e",
    r"\"o": "o",
    r"$\alpha$": "alpha",
    r"$\beta$": "beta",
    r"\o ": "o",
    r"\o": "o",
    r"{\it": "",
    "}": "",
}
LETTERS = {"ø": "o", "æ": "ae", "ß": "ss", "ł": "l", "ﬁ": "fi", "²": "2", "₂": "2"}


class Word(NamedTuple):
    text: str


class Phrase(NamedTuple):
    text: str


class Field(NamedTuple):
    name: str
    text: str
    quoted: bool


def words(text):
    text = unescape(re.sub(r"</?[A-Za-z]+>", "", text))
    for written, meant in LATEX.items():
        text = text.replace(written, meant)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    text = "".join((GREEK | LETTERS).get(c, c) for c in text.lower())
    return re.findall("[a-z0-9]+", text)


def holds(paper, query):
    return all(any(all(holds_item(paper, n, i) for n, i in each) for each in some) for some in query)


def holds_item(paper, negated, item):
    if isinstance(item, tuple) and item[0] == "query":
        found = holds(paper, item[1])
    elif isinstance(item, Field):
        found = FIELDS[item.name](paper, item)
    else:
        found = bare(paper, item)
    return found != negated


def bare(paper, item):
    values = [
        paper["title"],
        paper["abstract"],
        *paper["keywords"],
        *paper["authors"],
        str(paper["year"]),
    ]
    if in_one_of(values, item.text, isinstance(item, Phrase)):
        return True
    bibcodes = [paper["bibcode"], *paper["old_bibcodes"]]
    return isinstance(item, Word) and len(item.text) >= 4 and part_of(bibcodes, item.text)


def part_of(bibcodes, text):
    return any(text.lower() in bibcode.lower() for bibcode in bibcodes)


def in_one_of(values, text, quoted):
    """Whether the words of ``text`` follow one another in one value; a lone bare word may begin one there."""
    wanted = words(text)
    for value in values:
        there = words(value)
        if len(wanted) == 1 and not quoted and len(wanted[0]) >= 3:
            if any(word.startswith(wanted[0]) for word in there):
                return True
        elif any(there[at : at + len(wanted)] == wanted for at in range(len(there))):
            return True
    return False


def author(paper, item):
    text, names = item.text, paper["authors"]
    if text.startswith("^"):
        text, names = text[1:], names[:1]
    if "," not in text:
        return in_one_of(names, text, quoted=True)
    return any("," in name and same_person(text, name) for name in names)


def same_person(one, other):
    (surname, given), (other_surname, other_given) = (
        [words(part) for part in name.split(",")] for name in (one, other)
    )
    if surname != other_surname:
        return False
    for mine, theirs in zip(given, other_given, strict=False):
        short, long = sorted([mine, theirs], key=len)
        if short != long and not (len(short) == 1 and long.startswith(short)):
            return False
    return True


def year(paper, item):
    first, dash, last = item.text.partition("-")
    if not dash:
        return paper["year"] == int(first)
    return int(first or 0) <= paper["year"] <= int(last or 9999)


def tag(paper, item):
    return any(item.text.lower() in (name.lower(), slug) for name, slug in paper["tags"])


FIELDS = {
    "author": author,
    "title": lambda paper, item: in_one_of([paper["title"]], item.text, item.quoted),
    "abs": lambda paper, item: in_one_of(
        [paper["title"], paper["abstract"], *paper["keywords"]], item.text, item.quoted
    ),
    "keyword": lambda paper, item: in_one_of(paper["keywords"], item.text, item.quoted),
    "year": year,
    "tag": tag,
    "bibcode": lambda paper, item: part_of([paper["bibcode"], *paper["old_bibcodes"]], item.text),
    "bibstem": lambda paper, item: paper["bibstem"].lower() == item.text.lower(),
    "doi": lambda paper, item: item.text.lower() == paper["doi"].lower(),
    "arxiv": lambda paper, item: re.sub(r"v\d+$", "", item.text) == paper["arxiv"],
    "target": lambda paper, item: any(item.text in spellings for spellings in paper["targets"]),
}
