"""Citations of a selection of papers. Pure: arrays in, numbers out."""

from dataclasses import dataclass

import numpy as np

from publications.plots.groups import Group
from publications.plots.tables import Cell, Table


@dataclass
class Citations:
    """``quartiles`` (years, 3) of the citations of the papers of each year; ``n`` (years,) papers counted.

    ``unknown`` papers have no known number. ``h`` papers have ``h`` citations or more each.
    ``most`` holds rows of the columns, the most cited first.
    """

    years: list
    quartiles: np.ndarray
    n: list
    unknown: int
    h: int
    median: float
    most: list
    papers: int
    kept: str = "citations"

    @property
    def table(self):
        table = Table(["Year", "papers with known citations", "lower quartile", "median", "upper quartile"])
        for year, n, quartiles in zip(self.years, self.n, self.quartiles.tolist(), strict=True):
            cells = [Cell(int(n), int(n)), *(Cell(float(value), int(n)) for value in quartiles)]
            table.rows.append((Group(str(year), (("year", (year, year)),)), cells))
        return table


def h_index(citations):
    """The largest h such that h papers have h citations or more each."""
    falling = np.sort(citations)[::-1]
    return int((falling >= np.arange(1, len(falling) + 1)).sum())


def citations(columns, mask, *, most=10):
    """Of the papers where ``mask`` (n,) is true; quartiles by linear interpolation."""
    rows = np.flatnonzero(mask & (columns.citations >= 0))
    cited, years = columns.citations[rows], columns.year[rows]
    known = np.unique(years)
    quartiles = np.array([np.percentile(cited[years == year], [25, 50, 75]) for year in known]).reshape(-1, 3)
    order = np.lexsort((columns.papers[rows], -cited))[:most]
    return Citations(
        known.tolist(),
        quartiles,
        [int((years == year).sum()) for year in known],
        int(mask.sum()) - len(rows),
        h_index(cited),
        float(np.median(cited)) if len(cited) else 0.0,
        [(int(columns.papers[rows[n]]), int(cited[n])) for n in order],
        int(mask.sum()),
    )
