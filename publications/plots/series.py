"""Selection → numbers: what each figure shows, and its table. Pure: arrays in, numbers out."""

from dataclasses import dataclass

import numpy as np

from publications.plots.groups import Group, both
from publications.plots.tables import Cell, Table, counted

# A bar that is longer than so many of the longest of a single value is cut.
MOST_OVER = 3
# The group of a histogram that is not parted.
EVERYONE = Group("papers", (), 0)


@dataclass
class Histogram:
    """Papers by year. ``values`` (groups, years) as the figure shows them, ``counts`` in papers.

    ``totals`` (years,) is the number of papers, each counted once; ``overlap``: some paper is in
    several groups.
    ``mode``: absolute, share (per cent of the papers of the year), cumulative.
    """

    years: list
    groups: list
    counts: np.ndarray
    totals: np.ndarray
    mode: str
    overlap: bool
    papers: int
    kept: str = "histogram"

    @property
    def values(self):
        return self.shown(self.counts)

    @property
    def total_values(self):
        return self.shown(self.totals)

    def shown(self, counts):
        if self.mode == "share":
            return 100.0 * counts / np.maximum(self.totals, 1)
        return counts

    def where(self, place, group):
        year = self.years[place]
        return both(group.where, (("year", (None if self.mode == "cumulative" else year, year)),))

    def cell(self, group, counts, values, place):
        value, n = values[place], int(counts[place])
        return Cell(float(value) if self.mode == "share" else int(value), n, self.where(place, group))

    @property
    def table(self):
        """A row for each year in which the selection has papers."""
        everyone, alone = Group("papers", ()), self.groups == [EVERYONE]
        unit = " (%)" if self.mode == "share" else ""
        # The share of all papers is always 100 %: the column gives their number.
        heads = [*([] if alone else ["papers"]), *(group.label + unit for group in self.groups)]
        table = Table(["Year", *heads])
        for place, year in enumerate(self.years):
            cells = [
                self.cell(group, self.counts[n], self.values[n], place) for n, group in enumerate(self.groups)
            ]
            if not alone:
                cells.insert(0, counted(self.totals[place], self.where(place, everyone)))
            table.rows.append((Group(str(year)), cells))
        return table


def histogram(years, parts=None, *, mode="absolute"):
    """``years`` (papers,) of the selection's papers, and its `Parts` (None: not parted)."""
    known = np.unique(years)
    if mode == "cumulative" and len(known):
        known = np.arange(known[0], known[-1] + 1)
    place = np.searchsorted(known, years)
    totals = np.bincount(place, minlength=len(known))
    groups = parts.groups if parts else [EVERYONE]
    matrix = parts.matrix if parts else np.ones((len(years), 1), dtype=bool)
    counts = np.array(
        [np.bincount(place[matrix[:, n]], minlength=len(known)) for n in range(len(groups))], dtype=np.int64
    ).reshape(len(groups), len(known))
    if mode == "cumulative":
        totals, counts = totals.cumsum(), counts.cumsum(axis=1)
    overlap = bool(parts and parts.overlap)
    return Histogram(known.tolist(), groups, counts, totals, mode, overlap, len(years))


@dataclass
class Pie:
    """Slices or ranked bars: ``slices`` is a list of (Group, Cell).

    ``longest`` is the number up to which a bar is drawn to scale: a rest of many values would leave
    no length to those of single ones.
    """

    title: str
    slices: list
    papers: int
    assignments: int
    divides: str
    longest: int
    kept: str = "pie"

    @property
    def table(self):
        return Table([self.title, self.divides], [(group, [cell]) for group, cell in self.slices])


def pie(parts, *, divides="papers"):
    """Papers: of one value each, of several, of none; or assignments, where a paper counts for each value."""
    assignments = int(parts.values.sum())
    slices = _by_assignment(parts, assignments) if divides == "assignments" else _by_paper(parts)
    slices = [(group, cell) for group, cell in slices if cell.value]
    single = max((cell.value for group, cell in slices if group in parts.groups[: parts.shown]), default=0)
    longest = max((cell.value for _, cell in slices), default=0)
    if longest > MOST_OVER * single > 0:
        longest = round(1.25 * single)
    return Pie(parts.dimension.title, slices, len(parts.values), assignments, divides, longest)


def _by_assignment(parts, assignments):
    slices = []
    for place, (group, n) in enumerate(zip(parts.groups, parts.counts, strict=True)):
        if place < parts.shown or group is parts.dimension.none:
            slices.append((group, counted(n, group.where)))
        else:
            # A paper with two of the other tags is one paper and two assignments.
            rest = assignments - sum(parts.counts[: parts.shown])
            slices.append((group, Cell(rest, n, group.where if n == rest else None)))
    return slices


def _by_paper(parts):
    single = parts.values == 1
    carried = [
        place for place, n in enumerate(parts.counts) if n and parts.groups[place] is not parts.dimension.none
    ]
    slices = []
    for place, group in enumerate(parts.groups):
        if group is parts.dimension.none:
            continue
        mine = parts.matrix[:, place] & single
        others = [parts.groups[other] for other in carried if other != place]
        slices.append((group, counted(mine.sum(), only(group, others) if (~single).any() else group.where)))
    several = int((parts.values > 1).sum())
    slices.append((Group("several"), Cell(several, several)))
    slices += [
        (group, counted(n, group.where))
        for group, n in zip(parts.groups, parts.counts, strict=True)
        if group is parts.dimension.none
    ]
    return slices


def only(group, others):
    """The condition of being in ``group``, a tag, and in none of ``others``; None when it cannot be said."""
    if not group.where or group.where[0][0] != "tag":
        return None
    unwanted = []
    for other in others:
        if not other.where or other.where[0][0] not in ("tag", "any"):
            return None
        parameter, value = other.where[0]
        unwanted += value if parameter == "any" else [value]
    return (*group.where, *(("not", slug) for slug in unwanted))


@dataclass
class HeatMap:
    """``counts`` (y groups, x groups): papers that are in both."""

    x_title: str
    y_title: str
    x: list
    y: list
    counts: np.ndarray
    papers: int
    kept: str = "heatmap"

    @property
    def table(self):
        table = Table([f"{self.y_title} × {self.x_title}", *(group.label for group in self.x)])
        for row, group in enumerate(self.y):
            table.rows.append(
                (
                    group,
                    [counted(self.counts[row, n], both(group.where, g.where)) for n, g in enumerate(self.x)],
                )
            )
        return table


def heatmap(x, y):
    return HeatMap(
        x.dimension.title, y.dimension.title, x.groups, y.groups, together(y.matrix, x.matrix), len(x.matrix)
    )


def together(a, b):
    """(n, g) and (n, h) bool → (g, h): how many papers are in both groups; eight papers a byte."""
    one, other = np.packbits(a.T, axis=1), np.packbits(b.T, axis=1)
    counts = [[int(np.bitwise_count(x & y).sum()) for y in other] for x in one]
    return np.array(counts, dtype=np.int64).reshape(len(one), len(other))


@dataclass
class Network:
    """``nodes``: tags. ``counts`` (nodes, nodes): papers that carry both; its diagonal the tag's own."""

    title: str
    nodes: list
    counts: np.ndarray
    minimum: int
    papers: int
    kept: str = "network"

    @property
    def edges(self):
        """(row, column, papers), the strongest first."""
        size = len(self.nodes)
        pairs = [(a, b, int(self.counts[a, b])) for a in range(size) for b in range(a + 1, size)]
        return sorted((e for e in pairs if e[2] >= self.minimum), key=lambda e: -e[2])

    @property
    def table(self):
        table = Table(["Tags", "papers"])
        for n, group in enumerate(self.nodes):
            table.rows.append((group, [counted(self.counts[n, n], group.where)]))
        for a, b, n in self.edges:
            one, other = self.nodes[a], self.nodes[b]
            both_ = both(one.where, other.where)
            table.rows.append((Group(f"{one.label} + {other.label}"), [counted(n, both_)]))
        return table


def network(parts, *, minimum=1):
    matrix = parts.matrix[:, : parts.shown]
    nodes = parts.groups[: parts.shown]
    return Network(parts.dimension.title, nodes, together(matrix, matrix), minimum, len(parts.matrix))
