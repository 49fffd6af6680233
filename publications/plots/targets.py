"""Targets linked to a selection of papers, on the sky. Pure: arrays in, numbers out."""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from publications.facets import tally
from publications.plots.groups import Group
from publications.plots.tables import Table, counted

# More than these are counted in cells of equal area.
MOST_POINTS = 2_000
CELLS_AROUND, CELLS_UP = 36, 18


@dataclass
class SkyCell:
    """A part of the sky, degrees ICRS: how many targets are in it, and papers that are linked to one."""

    ra: tuple
    dec: tuple
    targets: int
    papers: int


@dataclass
class Sky:
    """``points``: (Group, ra, dec, papers), degrees ICRS, fewest papers first.

    ``cells`` is empty when there is room for the points. ``positioned`` of the ``papers`` are
    linked to a target with a known position.
    """

    points: list
    cells: list
    without_position: int
    positioned: int
    papers: int
    kept: str = "sky"

    @property
    def table(self):
        table = Table(["Target", "papers"])
        for group, _, _, n in sorted(self.points, key=lambda point: (-point[3], point[0].label)):
            table.rows.append((group, [counted(n, group.where)]))
        return table


def sky(targets, links, papers):
    """``targets``: (primary key, name, ra, dec), positions None where not known.

    ``links`` (rows, keys): a pair for each paper and target of it.
    """
    rows, keys = links
    counts = tally(keys)
    known = [target for target in targets if target[2] is not None]
    points = [(Group(name, (("target", name),)), ra, dec, counts[key]) for key, name, ra, dec in known]
    points.sort(key=lambda point: (point[3], point[0].label))
    places = {key: cell_of(ra, dec) for key, _, ra, dec in known}
    cells = in_cells(places, links) if len(points) > MOST_POINTS else []
    positioned = len(np.unique(rows[np.isin(keys, list(places))]))
    return Sky(points, cells, len(targets) - len(known), positioned, papers)


def cell_of(ra, dec):
    up = int((math.sin(math.radians(dec)) + 1) / 2 * CELLS_UP)
    return min(up, CELLS_UP - 1) * CELLS_AROUND + int(ra / 360 * CELLS_AROUND)


def in_cells(cells, links):
    """`SkyCell` of each of ``cells``, {key of a target: number of its cell}."""
    targets = Counter(cells.values())
    pairs = {
        (row, cells[key]) for row, key in zip(*(ends.tolist() for ends in links), strict=True) if key in cells
    }
    papers = Counter(cell for _, cell in pairs)
    edges = [math.degrees(math.asin(2 * n / CELLS_UP - 1)) for n in range(CELLS_UP + 1)]
    wide = 360 / CELLS_AROUND
    found = []
    for number in sorted(targets):
        up, around = divmod(number, CELLS_AROUND)
        ra, dec = (around * wide, (around + 1) * wide), (edges[up], edges[up + 1])
        found.append(SkyCell(ra, dec, targets[number], papers[number]))
    return found
