"""Cone search and link table as streams of VOTable text."""

import logging
from itertools import chain, islice

from django.conf import settings

from publications.known_positions import known_positions
from publications.vo import columns as vo_columns
from publications.vo import rows as vo_rows
from publications.vo import votable
from publications.vo.votable import Info

logger = logging.getLogger(__name__)
BROKEN = "the table is not complete: reading the database failed; ask again"
STANDARD = "ivo://ivoa.net/std/ConeSearch"


def cone_answer(request, address):
    """Pieces of the VOTable that answers a `ConeRequest`, asked at ``address``.

    The first rows are read before the first piece is given: a database that is down is still an
    HTTP error then, not half a document.
    """
    columns = vo_columns.columns(
        request.verbosity,
        centre=(request.ra, request.dec),
        by_paper=request.by_paper,
        modern_ucds=request.modern_ucds,
    )
    rows = vo_rows.rows_in_cone(request) if request.maxrec else iter([None])
    infos = [
        Info("standardID", STANDARD),
        Info("request", address),
        *about_the_service(),
    ]
    head = votable.table_head(
        "papers", "Papers linked to targets in the cone", [c.field for c in columns], infos
    )
    return begun(head, CutOff(rows, request.maxrec), columns)


def links_answer():
    """Pieces of the VOTable of every paper–target pair."""
    columns = vo_columns.columns(3)
    fields = [column.field for column in columns]
    head = votable.table_head("links", "Papers and the targets linked to them", fields, about_the_service())
    return begun(head, CutOff(vo_rows.all_rows(), None), columns)


def about_the_service():
    return [
        Info("citation", f"{settings.SITE_URL}/about/", ucd="meta.ref.url"),
        Info("server", settings.SITE_URL),
        Info("coverage", str(known_positions())),
    ]


class CutOff:
    """The first ``most`` rows; ``reached`` afterwards tells whether there were more."""

    def __init__(self, rows, most):
        self.rows, self.most, self.reached = iter(rows), most, False

    def __iter__(self):
        yield from islice(self.rows, self.most)
        self.reached = next(self.rows, self) is not self


def begun(head, rows, columns):
    pieces = vo_rows.in_pieces(rows, columns)
    first = list(islice(pieces, 1))
    return document(head, rows, chain(first, pieces))


def document(head, rows, pieces):
    infos = []
    yield head
    try:
        for piece in pieces:
            yield votable.table_rows(piece)
        if rows.reached:
            cut = f"only the first {rows.most} rows are given (MAXREC)"
            infos = [Info("QUERY_STATUS", "OVERFLOW", text=cut)]
    except Exception:
        # The status of HTTP is sent; only the document can still say that it is not whole.
        # pyvo looks for the INFO of the simple cone search, STILTS and others for DALI's.
        logger.exception("a VOTable broke off")
        infos = [Info("QUERY_STATUS", "ERROR", text=BROKEN), Info("Error", BROKEN)]
    yield votable.table_foot(infos, paper_service())


def paper_service():
    return votable.service_descriptor(
        "paper", "Open the paper of a row", f"{settings.SITE_URL}/vo/paper", [("bibcode", "bibcode")]
    )
