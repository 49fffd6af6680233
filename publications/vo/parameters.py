"""What a cone search is asked: parameters → `ConeRequest`, or a `ConeError` that says what is wrong.

Names of parameters are taken in any case, values are not. Unknown parameters are ignored, as
the standard says. Tags are looked up, so that a hidden one is answered as an unknown one.
"""

import re
from dataclasses import dataclass

from publications.models import Tag, TargetLink
from publications.positions import parse_number
from publications.sky import normal_ra

MOST_ROWS = 1_000_000
MAX_RADIUS = 180.0
SINGLE = ("RA", "DEC", "SR", "VERB", "MAXREC", "RESPONSEFORMAT", "YEAR", "CATALOGUE", "GROUP", "UCD", "RUNID")
SEVERAL = ("TAG", "KIND")
# RESPONSEFORMAT → Content-Type. Without it the one that the simple cone search asks for.
DEFAULT_TYPE = "text/xml;content=x-votable"
VOTABLE_TYPE = "application/x-votable+xml"
FORMATS = {
    "votable": VOTABLE_TYPE,
    "application/x-votable+xml": VOTABLE_TYPE,
    "application/x-votable+xml;serialization=tabledata": VOTABLE_TYPE + ";serialization=tabledata",
    "votable/td": VOTABLE_TYPE + ";serialization=tabledata",
    "text/xml": "text/xml",
    "text/xml;content=x-votable": DEFAULT_TYPE,
}


class ConeError(ValueError):
    """A request that cannot be answered; the message is for the person who made it."""

    content_type = DEFAULT_TYPE


@dataclass(frozen=True)
class ConeRequest:
    """``radius`` 0 to 180, ``years`` (first, last) with None for an open side, ``tags``: all of them.

    ``catalogue``: "no" leaves catalogues out, "yes" leaves only them, "" takes every paper.
    """

    ra: float
    dec: float
    radius: float
    verbosity: int = 2
    maxrec: int = MOST_ROWS
    content_type: str = DEFAULT_TYPE
    tags: tuple = ()
    years: tuple = (None, None)
    kinds: tuple = ()
    catalogue: str = ""
    by_paper: bool = False
    modern_ucds: bool = False
    runid: str = ""


def read(pairs):
    """A `ConeRequest` from (name, value) pairs in any order.

    Raises
    ------
    ConeError
    """
    values = collect(pairs)
    single = {name: found[0] for name, found in values.items() if name in SINGLE}
    content_type = response_format(single.get("RESPONSEFORMAT"))
    try:
        return ConeRequest(
            ra=normal_ra(angle(single, "RA")),
            dec=declination(single),
            radius=radius(single),
            verbosity=int(one_of("VERB", single.get("VERB", "2"), ("1", "2", "3"))),
            maxrec=row_limit(single.get("MAXREC")),
            content_type=content_type,
            tags=tuple(tag(slug) for slug in values.get("TAG", ())),
            years=years(single.get("YEAR")),
            kinds=tuple(one_of("KIND", kind, TargetLink.Kind.values) for kind in values.get("KIND", ())),
            catalogue=one_of("CATALOGUE", single.get("CATALOGUE", ""), ("yes", "no", "")),
            by_paper=bool(one_of("GROUP", single.get("GROUP", ""), ("paper", ""))),
            modern_ucds=one_of("UCD", single.get("UCD", "1"), ("1", "2")) == "2",
            runid=single.get("RUNID", "")[:64],
        )
    except ConeError as error:
        error.content_type = content_type
        raise


def collect(pairs):
    """Values by upper-case name, of the parameters that we know."""
    values = {}
    for name, value in pairs:
        if name.upper() in SINGLE + SEVERAL:
            values.setdefault(name.upper(), []).append(value)
    for name in SINGLE:
        if len(values.get(name, ())) > 1:
            raise ConeError(f"{name} is given {len(values[name])} times; give it once")
    return values


def angle(single, name):
    if not single.get(name, "").strip():
        raise ConeError(f"{name} is missing; RA, DEC and SR are required, in decimal degrees")
    try:
        return parse_number(single[name])
    except ValueError as error:
        raise ConeError(f"{name}: {error}; give decimal degrees (ICRS)") from error


def declination(single):
    dec = angle(single, "DEC")
    if not -90 <= dec <= 90:
        raise ConeError(f"DEC={single['DEC'].strip()[:40]} is not between -90 and 90 degrees")
    return dec


def radius(single):
    """A radius above 180 degrees is the whole sky."""
    value = angle(single, "SR")
    if value < 0:
        raise ConeError(f"SR={single['SR'].strip()[:40]} is negative; give a radius of 0 to 180 degrees")
    return min(value, MAX_RADIUS)


def row_limit(value):
    if value is None:
        return MOST_ROWS
    if not re.fullmatch(r"[0-9]{1,30}", value.strip(), re.ASCII):
        raise ConeError(f"MAXREC={value[:40]} is not a whole number of 0 or more")
    return min(int(value), MOST_ROWS)


def response_format(value):
    if value is None:
        return DEFAULT_TYPE
    # A plus that was not encoded arrives as a space.
    asked = re.sub(r"\s*;\s*", ";", value.strip().casefold()).replace(" ", "+")
    if asked not in FORMATS:
        raise ConeError(
            f"RESPONSEFORMAT={value[:60]} is not offered; give votable, text/xml or {VOTABLE_TYPE}"
        )
    return FORMATS[asked]


def one_of(name, value, allowed):
    if value not in allowed:
        raise ConeError(f"{name}={value[:40]} is not known; give {' or '.join(filter(None, allowed))}")
    return value


def tag(slug):
    # PostgreSQL takes no null character, not even to compare.
    slug = slug.replace("\x00", "�")
    found = Tag.objects.public().by_slug([slug])
    if slug not in found:
        raise ConeError(f"TAG={slug[:60]} is not a tag of this database")
    return found[slug]


def years(value):
    """``2012``, ``2012-2016``, ``2012-`` or ``-2011`` → (first, last)."""
    if value is None:
        return None, None
    match = re.fullmatch(r"([0-9]{4})?(-)?([0-9]{4})?", value.strip(), re.ASCII)
    if not match or not (match[1] or match[3]) or (match[3] and not match[2]):
        raise ConeError(f"YEAR={value[:40]} is not a range of years; give 2012, 2012-2016, 2012- or -2011")
    first, last = (int(part) if part else None for part in (match[1], match[3]))
    if not match[2]:
        last = first
    if None not in (first, last) and first > last:
        raise ConeError(f"YEAR={value[:40]} runs backwards; give {last:04}-{first:04}")
    return first, last
