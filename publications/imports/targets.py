"""Targets, and the papers linked to them."""

import re
from typing import NamedTuple

from django.db import transaction

from publications.folding import target_key
from publications.imports import values
from publications.imports.files import batches
from publications.imports.report import BadRow, Report
from publications.imports.table import Table
from publications.models import Identifier, Target, TargetAlias, TargetLink
from publications.sky import separation

BATCH = 1000
COLUMNS = ("bibcode", "name", "ra", "dec", "otype")
# Positions of one object may differ by its proper motion and by rounding.
TOLERANCE = 5  # arc seconds
STRENGTH = {kind: rank for rank, kind in enumerate(["listed", "named", "measured", "curated"])}
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


class TargetRow(NamedTuple):
    """A target of a paper; ``ra`` and ``dec`` in degrees, ICRS, both None when not known."""

    line: int
    bibcode: str  # or another identifier of the paper
    name: str
    ra: float | None
    dec: float | None
    otype: str
    kind: str


def import_targets(path, *, kind=TargetLink.Kind.CURATED, progress=iter):
    """Import a CSV file with the columns `COLUMNS`; returns the `Report`.

    A file with a column ``method`` is JMDC's: its links are ``measured``.

    Raises
    ------
    ImportRefused
        With the line and the reason, before anything was written.
    """
    report = Report()
    table = Table(path, COLUMNS)
    for _ in table.rows():  # a damaged file is refused before anything is written
        pass
    if "method" in table.columns:
        kind = TargetLink.Kind.MEASURED
    for rows in batches(progress(target_rows(table, kind, report)), BATCH):
        link_targets(rows, report)
    return report


def target_rows(table, kind, report):
    for line, cells in table.rows():
        try:
            if isinstance(cells, BadRow):
                raise cells
            yield target_row(line, cells, kind)
        except BadRow as error:
            report.refuse(line, error)


def target_row(line, cells, kind):
    name = " ".join(cells["name"].split())
    if not target_key(name):
        raise BadRow(f"name: {name[:60]!r} has neither letters nor digits")
    if len(name) > 120:
        raise BadRow(f"name: {len(name)} characters, at most 120 are possible")
    values.one_line(name)
    ra, dec = degrees("ra", cells["ra"], 0, 360), degrees("dec", cells["dec"], -90, 90)
    if (ra is None) != (dec is None):
        raise BadRow("ra and dec: one of them is empty; give both or none")
    if ra == 360:
        ra = 0.0
    otype = values.text(40)(cells["otype"].strip())
    return TargetRow(line, values.of_a_paper(cells["bibcode"]), name, ra, dec, otype, kind)


def degrees(column, value, first, last):
    value = value.strip()
    if not value:
        return None
    if not NUMBER.fullmatch(value) or not first <= float(value) <= last:
        raise BadRow(f"{column}: {value[:40]!r} is not a number of degrees from {first} to {last}")
    return float(value)


@transaction.atomic
def link_targets(rows, report):
    """Make the targets of ``rows`` that are not here, and link them to the papers that are.

    The position that is known stays; one that differs is reported. No link is ever weakened.
    """
    papers = papers_of(rows)
    targets = known_targets(rows)
    links = {
        (link.paper_id, link.target_id): link
        for link in TargetLink.objects.filter(paper__in=set(papers.values()))
    }
    for row in rows:
        paper = papers.get(Identifier.key_of(row.bibcode))
        if paper is None:
            report.count("of papers that are not here")
            continue
        target = target_for(row, targets, report)
        link = links.get((paper, target.pk))
        links[paper, target.pk] = linked(row, paper, target, link, report)


def papers_of(rows):
    keys = {Identifier.key_of(row.bibcode) for row in rows}
    return dict(Identifier.objects.filter(key__in=keys).values_list("key", "paper"))


def known_targets(rows):
    keys = {target_key(row.name) for row in rows}
    aliases = TargetAlias.objects.filter(key__in=keys).select_related("target")
    targets = {}
    for alias in aliases:
        # Two aliases of a target must lead to one object, or its changes would be lost.
        targets[alias.key] = next((t for t in targets.values() if t.pk == alias.target_id), alias.target)
    return targets


def target_for(row, targets, report):
    key = target_key(row.name)
    target = targets.get(key)
    if target is None:
        target = targets[key] = Target.objects.create(name=row.name, otype=row.otype, ra=row.ra, dec=row.dec)
        report.count("targets made")
        return target
    if fill(target, row):
        target.save()
        report.count("targets completed")
    apart = separation(target.ra, target.dec, row.ra, row.dec) * 3600 if row.ra is not None else 0
    if apart > TOLERANCE:
        report.remark(row.line, f"{row.name}: {apart:.1f}″ from where it is known to be, which is kept")
    return target


def fill(target, row):
    """Complete what is not known of ``target``; whether anything was."""
    position = target.ra is None and row.ra is not None
    if position:
        target.ra, target.dec = row.ra, row.dec
    otype = not target.otype and bool(row.otype)
    if otype:
        target.otype = row.otype
    return position or otype


def linked(row, paper, target, link, report):
    if link is None:
        report.created += 1
        return TargetLink.objects.create(paper_id=paper, target=target, kind=row.kind)
    if STRENGTH[row.kind] > STRENGTH[link.kind]:
        link.kind = row.kind
        link.save()
        report.updated += 1
    else:
        report.unchanged += 1
    return link
