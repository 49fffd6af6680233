"""A query cut into tokens. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from publications.search.errors import QueryError, readable
from publications.search.terms import FIELDS, Term, checked

LONGEST_QUERY = 2000
MOST_TERMS = 100

TYPOGRAPHIC_QUOTES = str.maketrans("“”„‟", '""""')
FIELD = re.compile(r"([A-Za-z_-]+):")
WORD = re.compile(r'[^\s()"]+')
# A DOI may hold brackets: 10.1016/0019-1035(84)90019-9.
DOI = re.compile(r'(?:[^\s()"]|\([^\s()"]*\))+')
SPACE = re.compile(r"\s*")


@dataclass(frozen=True)
class Token:
    """``kind`` is one of ``(``, ``)``, ``-``, ``AND``, ``OR``, ``NOT``, ``term`` and ``end``."""

    kind: str
    start: int
    end: int
    term: Term | None = None


def tokens_of(q):
    """All tokens of ``q``, and one ``end`` behind them."""
    refuse_unreadable(q)
    text = q.translate(TYPOGRAPHIC_QUOTES)
    found, terms, at = [], 0, SPACE.match(text).end()
    while at < len(text):
        token = read_token(text, at)
        terms += token.kind == "term"
        if terms > MOST_TERMS:
            raise QueryError(f"the search has more than {MOST_TERMS} terms", token.start, q)
        found.append(token)
        at = SPACE.match(text, token.end).end()
    return [*found, Token("end", len(text), len(text))]


def refuse_unreadable(q):
    if len(q) > LONGEST_QUERY:
        raise QueryError(f"the search has {len(q)} characters; {LONGEST_QUERY} are allowed", LONGEST_QUERY, q)
    for at, character in enumerate(q):
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n\r":
            raise QueryError(f"the character U+{ord(character):04X} cannot be searched", at, q)


def read_token(text, at):
    if text[at] in "()":
        return Token(text[at], at, at + 1)
    if text[at] == "-":
        if at + 1 == len(text) or text[at + 1].isspace() or text[at + 1] == ")":
            raise QueryError("“-” stands alone: write it right before what is to be left out", at, text)
        return Token("-", at, at + 1)
    if text[at] == '"':
        return phrase(text, at, at, "")
    word = WORD.match(text, at)
    if word[0] in ("AND", "OR", "NOT"):
        return Token(word[0], at, word.end())
    field = FIELD.match(text, at)
    if field and field_name(field[1]):
        return field_value(text, field)
    if field and field.end() < len(text) and not (text[field.end()].isspace() or text[field.end()] == ")"):
        raise QueryError(
            f"there is no field “{readable(field[1])}:”, the fields are {known_fields()}", at, text
        )
    return term_token(text, at, word.end(), "", word[0], False)


def known_fields():
    return ", ".join(f"{field}:" for field in FIELDS)


def field_name(name):
    return name.lower() if name.lower() in FIELDS else ""


def field_value(text, field):
    name, start, at = field_name(field[1]), field.start(), field.end()
    if text[at : at + 1] == '"':
        return phrase(text, start, at, name)
    value = (DOI if name == "doi" else WORD).match(text, at)
    if value is None:
        hint = (
            "write the field before each word"
            if text[at : at + 1] == "("
            else "write it right behind the colon"
        )
        raise QueryError(f"“{name}:” has no value: {hint}", start, text)
    return term_token(text, start, value.end(), name, value[0], False)


def phrase(text, start, quote, field):
    """The token of a quoted text that opens at ``quote``."""
    close = text.find('"', quote + 1)
    if close < 0:
        raise QueryError("the quotation mark is not closed", quote, text)
    return term_token(text, start, close + 1, field, text[quote + 1 : close], True)


def term_token(text, start, end, field, value, quoted):
    return Token("term", start, end, checked(Term(field, value, quoted, start, end), text))
