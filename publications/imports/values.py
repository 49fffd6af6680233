"""The texts of a file → values of a paper's columns. Pure; each raises `BadRow` with the reason."""

import re
from datetime import UTC, date, datetime

from django.core.exceptions import ValidationError

from publications import bibcode as bibcodes
from publications.imports.report import BadRow
from publications.models.paper import PUBDATE
from publications.models.validators import SEPARATOR, validate_joinable, validate_words
from publications.search.identifiers import recognise

LONGEST_TITLE = 5000
MOST_AUTHORS = 20_000
# Control characters but tab and line ends, and what XML 1.0 cannot hold.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BIBSTEM = re.compile(r"[A-Za-z0-9&.]{1,13}", re.ASCII)
BEFORE_DOI = r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)"
BEFORE_ARXIV = r"^(?:https?://arxiv\.org/(?:abs|pdf)/|arxiv:\s*)"
PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ].*|Z|[+-]\d\d:\d\d)?)?)?", re.ASCII)


def text(longest):
    """A reader of free text of at most ``longest`` characters."""

    def read(value):
        if len(value) > longest:
            raise BadRow(f"{len(value)} characters, at most {longest} are possible")
        found = UNPRINTABLE.search(value)
        if found:
            raise BadRow(f"holds the control character U+{ord(found[0]):04X}")
        return value

    return read


def bibcode(value):
    value = value.strip()
    try:
        bibcodes.parse(value)
    except ValueError as error:
        raise BadRow(str(error)) from error
    return value


def of_a_paper(value):
    """A bibcode, or another identifier as people copy it, which must lead to a paper that is here."""
    return recognise(value) or bibcode(value)


def identifier(longest, in_front):
    """A reader of an identifier; ``in_front``: a pattern of what people write before it."""
    read = text(longest)
    return lambda value: one_line(read(re.sub(in_front, "", value.strip(), count=1, flags=re.I)))


def one_line(value):
    if not value.isprintable():
        raise BadRow(f"{value[:60]!r} has a line break or a control character")
    return value


def name(value, longest, *more):
    """A name that can be joined with others in one cell; ``more``: further validators."""
    if len(value) > longest:
        raise BadRow(f"a name of {len(value)} characters, at most {longest} are possible")
    if not value:
        raise BadRow("an empty name between two “; ”")
    try:
        for validate in (validate_joinable, validate_words, *more):
            validate(value)
    except ValidationError as error:
        raise BadRow(error.messages[0]) from error
    return text(longest)(value)


def authors(value):
    names = value.split(SEPARATOR) if value else []
    if len(names) > MOST_AUTHORS:
        raise BadRow(f"{len(names)} names, at most {MOST_AUTHORS} are possible")
    return [name(each, 250) for each in names]


def whole_number(first, last):
    def read(value):
        value = value.strip()
        if not value:
            return None
        if not re.fullmatch(r"\d{1,12}", value, re.ASCII) or not first <= int(value) <= last:
            raise BadRow(f"{value[:40]!r} is not a whole number from {first} to {last}")
        return int(value)

    return read


def pubdate(value):
    value = value.strip()
    if value and not PUBDATE.fullmatch(value):
        raise BadRow(f"{value[:40]!r} is not a date YYYY-MM-DD, with 00 for unknown parts")
    return value or None


def partial_date(value):
    """``2020``, ``2020-10``, ``2020-10-05`` or with a time behind → ``2020-10-00`` …"""
    found = PARTIAL_DATE.fullmatch(value.strip())
    if not found:
        raise BadRow(f"{value[:40]!r} is not a date like 2020, 2020-10 or 2020-10-05")
    return pubdate("-".join(part or "00" for part in found.groups()))


def journal(value):
    value = value.strip()
    if value and not BIBSTEM.fullmatch(value):
        raise BadRow(f"{value[:40]!r} is not a bibstem (like A&A or MNRAS)")
    return value or None


def truth(value):
    try:
        return {"true": True, "false": False, "": None}[value.strip().lower()]
    except KeyError:
        raise BadRow(f"{value[:40]!r} is neither true, false nor empty") from None


def day(value):
    value = value.strip()
    if not value:
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise BadRow(f"{value[:40]!r} is not a date YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise BadRow(f"{value!r} is no day of the calendar") from error


def moment(value):
    """A date with or without a time; without an offset it is UTC."""
    try:
        read = datetime.fromisoformat(value.strip())
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRow(f"{value[:40]!r} is not a date and time like 2020-11-02 10:21:33") from error
