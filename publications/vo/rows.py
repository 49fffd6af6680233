"""Paper–target pairs, read from the database in pieces of constant size."""

from itertools import islice

from django.db.models import Count, FloatField, Value

from publications.models import Authorship, Paper, TagAssignment, TargetLink
from publications.models.target import FromPoint, InCone
from publications.vo.columns import BRIEF_SOURCES, SOURCES, BriefRow, Row

PIECE = 1000
# Of a cone up to this radius (degrees) so many rows are fetched at once, for which a cursor takes too long.
NARROW, FEW = 2, 5000


def links_in_cone(request):
    """Links of the targets in a cone, nearest first; ties by target, then bibcode."""
    links = TargetLink.objects.filter(InCone(request.ra, request.dec, request.radius, prefix="target__"))
    first, last = request.years
    if request.kinds:
        links = links.filter(kind__in=request.kinds)
    if first is not None:
        links = links.filter(paper__year__gte=first)
    if last is not None:
        links = links.filter(paper__year__lte=last)
    if request.tags:
        links = links.filter(paper__in=Paper.objects.order_by().tagged_with_all(request.tags).values("pk"))
    if request.catalogue == "yes":
        links = links.filter(paper__simbad_reading__catalogue=True)
    if request.catalogue == "no":
        links = links.exclude(paper__simbad_reading__catalogue=True)
    chord = FromPoint(request.ra, request.dec, prefix="target__")
    return links.annotate(chord=chord).order_by("chord", "target_id", "paper__bibcode")


def rows_in_cone(request):
    """An iterator of `Row`s (`BriefRow`s for the least verbosity); more than ``maxrec`` may come."""
    links = links_in_cone(request)
    if not request.by_paper:
        return read(links[: request.maxrec + 1], request.verbosity == 1, request.radius <= NARROW)
    return nearest_of_each_paper(read(links, request.verbosity == 1, request.radius <= NARROW))


def all_rows():
    """Every pair, targets without a position too."""
    links = TargetLink.objects.annotate(chord=Value(None, output_field=FloatField()))
    return read(links.order_by("paper_id", "target_id"), brief=False, few=False)


def read(links, brief, few):
    """An iterator of rows.

    Many are read from a cursor, for which PostgreSQL starts no parallel workers: that takes
    longer than the search of a cone of some degrees.
    """
    row, sources = (BriefRow, BRIEF_SOURCES) if brief else (Row, SOURCES)
    values = links.values_list(*sources.values(), "chord")
    if few and len(rows := list(values[:FEW])) < FEW:
        return map(row._make, rows)
    return map(row._make, values.iterator(chunk_size=PIECE))


def nearest_of_each_paper(rows):
    seen = set()
    for row in rows:
        if row.paper_id not in seen:
            seen.add(row.paper_id)
            yield row


class Details:
    """What a row's paper has several of, for the papers of one piece."""

    def __init__(self, papers):
        authorships = Authorship.objects.filter(paper__in=papers).order_by()
        self.n_authors = dict(authorships.values_list("paper_id").annotate(Count("pk")))
        self.first_author = dict(authorships.filter(position=1).values_list("paper_id", "author__name"))
        self.tags = {}
        given = TagAssignment.objects.public().filter(paper__in=papers).in_vocabulary_order()
        for paper, category, name in given.values_list("paper_id", "tag__category_id", "tag__name"):
            before = self.tags.get((paper, category))
            self.tags[paper, category] = f"{before}; {name}" if before else name


def in_pieces(rows, columns):
    """Lists of rows of cells, each at most `PIECE` long."""
    rows = iter(rows)
    values = [column.value for column in columns]
    detailed = any(column.verbosity > 1 for column in columns)
    while piece := list(islice(rows, PIECE)):
        details = Details({row.paper_id for row in piece}) if detailed else None
        yield [[value(row, details) for value in values] for row in piece]
