"""What the service says of itself: availability, capabilities, tables, the registry's record."""

from datetime import UTC, datetime

from django.conf import settings

from publications.known_positions import KnownPositions
from publications.models import DataState, Target
from publications.vo.columns import columns
from publications.vo.parameters import MOST_ROWS

# Name, whether it must be given, datatype, unit, UCD, description.
PARAMETERS = [
    ("RA", True, "real", "deg", "pos.eq.ra", "right ascension of the centre, ICRS"),
    ("DEC", True, "real", "deg", "pos.eq.dec", "declination of the centre, ICRS"),
    ("SR", True, "real", "deg", "pos.angDistance", "radius of the cone, 0 to 180"),
    ("VERB", False, "integer", "", "", "1: fewest columns, 2: the usual ones, 3: all"),
    ("MAXREC", False, "integer", "", "", "most rows to give"),
    ("RESPONSEFORMAT", False, "string", "", "", "votable, text/xml or application/x-votable+xml"),
    ("TAG", False, "string", "", "", "only papers with this tag (its slug); repeated: with all of them"),
    ("YEAR", False, "string", "", "", "only papers of 2012, 2012-2016, 2012- or -2011"),
    ("KIND", False, "string", "", "", "only links measured, named, listed or curated; repeated: any of them"),
    ("CATALOGUE", False, "string", "", "", "no: without papers of very many objects; yes: only those"),
    ("GROUP", False, "string", "", "", "paper: one row for each paper, at its nearest target"),
    ("UCD", False, "string", "", "", "2: the identity and position UCDs of version 1.1; 1: of version 1.03"),
]


def availability():
    """Whether a cone can be answered now; without a database the page fails."""
    return {"known": KnownPositions.now()}


def capabilities():
    return {
        "site": settings.SITE_URL,
        "most_rows": MOST_ROWS,
        "test": Target.objects.filter(dec__isnull=False).with_papers().order_by("pk").first(),
        "parameters": PARAMETERS,
    }


def tables():
    return {"columns": [column.field for column in columns(3, centre=(0.0, 0.0))]}


def registry():
    """A VOResource record; ``updated`` is the last change of the data."""
    state = DataState.current().number
    return {
        **capabilities(),
        **tables(),
        "authority": settings.IVOA_AUTHORITY,
        "updated": datetime.fromtimestamp(max(state / 1e6, CREATED.timestamp()), UTC).strftime(
            "%Y-%m-%dT%H:%M:%SZ"
        ),
        "created": CREATED.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


# Of the record, not of the data.
CREATED = datetime(2026, 11, 1, tzinfo=UTC)
