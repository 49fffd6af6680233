"""The columns of the cone search and of the link table: one row for each paper–target pair."""

from collections import namedtuple
from collections.abc import Callable
from math import asin, degrees, sqrt
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.utils.text import slugify

from publications import sky
from publications.folding import plain
from publications.models import Category
from publications.models.simbad import CATALOGUE
from publications.vo.votable import Field

# What is read from the database for a row: its name here → the path from a link.
BRIEF_SOURCES = {
    "paper_id": "paper_id",
    "target_id": "target_id",
    "ra": "target__ra",
    "dec": "target__dec",
    "bibcode": "paper__bibcode",
    "target_name": "target__name",
}
SOURCES = BRIEF_SOURCES | {
    "otype": "target__otype",
    "pmra": "target__pmra",
    "pmdec": "target__pmdec",
    "simbad_oid": "target__simbad_oid",
    "kind": "kind",
    "mentions": "mentions",
    "title": "paper__title",
    "authors_complete": "paper__authors_complete",
    "year": "paper__year",
    "pubdate": "paper__pubdate",
    "journal": "paper__journal__bibstem",
    "volume": "paper__volume",
    "page": "paper__page",
    "doi": "paper__doi",
    "arxiv": "paper__arxiv",
    "refereed": "paper__refereed",
    "citations": "paper__citations",
    "catalogue": "paper__simbad_reading__catalogue",
}
# ``chord`` is the square of the chord from the centre of the cone, None in the link table.
BriefRow = namedtuple("BriefRow", [*BRIEF_SOURCES, "chord"])
Row = namedtuple("Row", [*SOURCES, "chord"])
# Above it, the distance is worked out anew: the arc sine says little about nearly opposite points.
LONG_CHORD = 3.0


class Column(NamedTuple):
    """``value(row, details)`` → str, float, int, bool or None (unknown)."""

    verbosity: int
    field: Field
    value: Callable


def texts(name, ucd, description, **more):
    return Field(name, "unicodeChar", ucd, description, arraysize="*", **more)


def chars(name, ucd, description, **more):
    return Field(name, "char", ucd, description, arraysize="*", **more)


def of(name):
    """The value of a column that a row has under ``name``."""
    return lambda row, details: getattr(row, name)


def ads_address(bibcode):
    return f"{settings.ADS_UI_URL}/abs/{quote(bibcode, safe='')}/abstract"


def paper_address(bibcode):
    return f"{settings.SITE_URL}/papers/{quote(bibcode, safe='')}/"


def distance_from(ra, dec):
    """A function from a row to its distance from the centre, in degrees."""

    def distance(row, details):
        if row.chord < LONG_CHORD:
            return degrees(2 * asin(sqrt(row.chord) / 2))
        return sky.separation(ra, dec, row.ra, row.dec)

    return distance


def identity(by_paper):
    """Unique in the answer: the bibcode, and the target's permanent number where it takes both."""
    if by_paper:
        return of("bibcode")
    return lambda row, details: f"{row.bibcode}|{row.target_id}"


def columns(verbosity, *, centre=None, by_paper=False, modern_ucds=False):
    """The `Column`s of an answer. ``centre`` (ra, dec) gives a column of distances from it."""
    found = [*main_columns(by_paper, modern_ucds)]
    if centre:
        found.append(DISTANCE._replace(value=distance_from(*centre)))
    found += BRIEF_COLUMNS
    if verbosity > 1:
        found += [*USUAL_COLUMNS, *tag_columns()]
    return found + FULL_COLUMNS if verbosity > 2 else found


def main_columns(by_paper, modern_ucds):
    """Identity and position. The UCDs of 2001 unless asked otherwise: pyvo looks for no others."""
    ucds = ("ID_MAIN", "POS_EQ_RA_MAIN", "POS_EQ_DEC_MAIN")
    if modern_ucds:
        ucds = ("meta.id;meta.main", "pos.eq.ra;meta.main", "pos.eq.dec;meta.main")
    position = {"unit": "deg", "ref": "icrs"}
    return [
        Column(
            1,
            chars("id", ucds[0], "bibcode and the target's number; the bibcode with GROUP=paper"),
            identity(by_paper),
        ),
        Column(
            1,
            Field("ra", "double", ucds[1], "right ascension of the target, ICRS, J2000.0", **position),
            of("ra"),
        ),
        Column(
            1,
            Field("dec", "double", ucds[2], "declination of the target, ICRS, J2000.0", **position),
            of("dec"),
        ),
    ]


def tag_columns():
    return [
        Column(
            2,
            texts(
                f"tags_{slugify(category.name).replace('-', '_') or category.pk}",
                "meta.code.class",
                f"tags given by our curators: {category}; joined by “; ”",
            ),
            lambda row, details, key=category.pk: details.tags.get((row.paper_id, key)),
        )
        for category in Category.objects.public()
    ]


DISTANCE = Column(
    1, Field("distance", "double", "pos.angDistance", "distance from the centre of the cone", "deg"), None
)
BRIEF_COLUMNS = [
    Column(
        1,
        chars(
            "bibcode",
            "meta.bib.bibcode",
            "the paper's bibcode",
            ID="bibcode",
            doc="https://ui.adsabs.harvard.edu/help/actions/bibcode",
        ),
        of("bibcode"),
    ),
    Column(1, texts("target_name", "meta.id;src", "name of the target"), of("target_name")),
]
USUAL_COLUMNS = [
    Column(2, texts("title", "meta.title", "title of the paper"), lambda row, details: plain(row.title)),
    Column(
        2,
        texts("first_author", "meta.bib.author", "first author"),
        lambda row, details: details.first_author.get(row.paper_id),
    ),
    Column(
        2,
        Field("n_authors", "int", "meta.number", "number of authors; empty when the list is not complete"),
        lambda row, details: details.n_authors.get(row.paper_id) if row.authors_complete else None,
    ),
    Column(2, Field("year", "int", "time.publiYear", "year of publication", "yr"), of("year")),
    Column(2, chars("journal", "meta.bib.journal", "journal, by its code at ADS"), of("journal")),
    Column(2, chars("doi", "meta.ref.doi", "DOI of the paper"), of("doi")),
    Column(
        2,
        Field("refereed", "boolean", "meta.code", "whether the paper is refereed; empty: not known"),
        of("refereed"),
    ),
    Column(
        2,
        texts("target_type", "src.class", "object type of the target, SIMBAD's short form"),
        of("otype"),
    ),
    Column(
        2,
        chars(
            "link",
            "meta.code",
            "why the paper is linked to the target: measured (JMDC), named (in title, "
            "keywords or abstract), listed (by SIMBAD), curated",
        ),
        of("kind"),
    ),
    Column(
        2,
        Field("mentions", "int", "meta.number", "how often the paper names the target, says SIMBAD"),
        of("mentions"),
    ),
    Column(
        2,
        Field("citations", "int", "meta.number", "citations of the paper, says ADS"),
        of("citations"),
    ),
    Column(
        2,
        chars("ads_url", "meta.ref.url", "the paper at ADS"),
        lambda row, details: ads_address(row.bibcode),
    ),
]
FULL_COLUMNS = [
    Column(
        3,
        chars("pubdate", "time", "date of publication, YYYY-MM-DD with 00 for unknown parts"),
        of("pubdate"),
    ),
    Column(3, texts("volume", "meta.bib.volume", "volume of the journal"), of("volume")),
    Column(3, texts("page", "meta.bib.page", "first page or article number"), of("page")),
    Column(3, chars("arxiv", "meta.ref", "arXiv identifier"), of("arxiv")),
    Column(
        3,
        chars("url", "meta.ref.url", "the paper in this database"),
        lambda row, details: paper_address(row.bibcode),
    ),
    Column(
        3,
        Field(
            "catalogue",
            "boolean",
            "meta.code",
            f"whether SIMBAD links the paper to more than {CATALOGUE} objects; empty: not asked yet",
        ),
        of("catalogue"),
    ),
    Column(
        3,
        Field("target_number", "long", "meta.record", "the target's permanent number in this database"),
        of("target_id"),
    ),
    Column(
        3,
        Field("simbad_oid", "long", "meta.record", "the target's number at SIMBAD; it may change"),
        of("simbad_oid"),
    ),
    Column(
        3,
        Field(
            "pmra", "double", "pos.pm;pos.eq.ra", "proper motion in right ascension, times cos(dec)", "mas/yr"
        ),
        of("pmra"),
    ),
    Column(
        3,
        Field("pmdec", "double", "pos.pm;pos.eq.dec", "proper motion in declination", "mas/yr"),
        of("pmdec"),
    ),
]
