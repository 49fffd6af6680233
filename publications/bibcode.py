"""ADS's 19-character record identifiers. Pure.

``YYYYJJJJJVVVVMPPPPA``: year, journal (bibstem), volume, qualifier, page, first letter of the
first author's name; dots pad. Source: ADS help pages, "bibcodes".
"""

import re
from typing import NamedTuple

SHAPE = re.compile(r"(?:1[4-9]|20)\d\d[A-Za-z&.0-9]{5}[A-Za-z0-9.&:+*_'-]{9}[A-Za-z.:]", re.ASCII)
# A bibstem longer than its five characters; the volume field holds the rest.
LONG_BIBSTEM = re.compile(
    r"[A-Za-z0-9&]{3,5}\.(?:tmp|conf|prop|book|rept|work|data|soft|ph|th|ex|mtrl|supp|tech)"
)


class Bibcode(NamedTuple):
    """What can be read from a bibcode alone; unknown parts are None."""

    year: int
    bibstem: str
    volume: str | None
    page: str | None


def parse(bibcode):
    """Read a bibcode.

    Raises
    ------
    ValueError
        When ``bibcode`` is not 19 characters of a bibcode's shape; the message says what is wrong.
    """
    if len(bibcode) != 19:
        raise ValueError(f"a bibcode has 19 characters, {bibcode[:40]!r} has {len(bibcode)}")
    if not SHAPE.fullmatch(bibcode):
        raise ValueError(
            f"{bibcode!r} is not a bibcode: year, journal, volume, page and initial are expected"
        )
    long_form = LONG_BIBSTEM.match(bibcode, 4)
    if long_form and long_form.end() <= 13:
        return Bibcode(int(bibcode[:4]), long_form[0], None, page_of(bibcode))
    bibstem = bibcode[4:9].strip(".")
    if not bibstem:
        raise ValueError(f"{bibcode!r} names no journal in its characters 5 to 9")
    if bibstem == "arXiv":
        # 2026arXiv260419210H: volume and page together are the arXiv identifier.
        return Bibcode(int(bibcode[:4]), bibstem, None, None)
    return Bibcode(int(bibcode[:4]), bibstem, bibcode[9:13].strip(".") or None, page_of(bibcode))


def page_of(bibcode):
    """Page with its qualifier in front (``L97``, ``E``-numbers keep theirs); None when it is not there."""
    qualifier, page = bibcode[13].strip("."), bibcode[14:18].strip(".")
    if not page:
        return None
    # From page 10,000 on, the digits reach into the qualifier's place.
    return qualifier + page


def is_preprint(bibcode):
    return bibcode[4:9] == "arXiv" or bibcode[4:12] == "astro.ph"


def is_bibcode(text):
    try:
        parse(text)
    except ValueError:
        return False
    return True


def matches_bibstem(bibcode, bibstem):
    """Whether a bibcode belongs to a journal: up to a dot or the end, so ``A&A`` is not ``A&ARv``.

    ``2023MNRAS.tmp.1234X`` belongs to ``MNRAS.tmp`` and is no paper of ``MNRAS`` yet.
    """
    return parse(bibcode).bibstem == bibstem
