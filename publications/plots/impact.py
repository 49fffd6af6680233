"""Citations of a selection of papers. Pure: arrays in, numbers out."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from publications.facets import tally
from publications.plots.groups import Group
from publications.plots.tables import Cell, Table, counted


@dataclass
class Citations:
    """``quartiles`` (years, 3) of the citations of the papers of each year; ``n`` (years,) papers counted.

    ``unknown`` papers have no known number. ``h`` papers have ``h`` citations or more each.
    ``most``: (primary key, citations), the most cited first. ``wheres``: what selects the papers
    counted in each year, None where some have no known number. ``days``: first and last day on
    which ADS gave a number, None when not known.
    """

    years: list
    quartiles: np.ndarray
    n: list
    wheres: list
    days: tuple | None
    unknown: int
    h: int
    median: float
    most: list
    papers: int
    kept: str = "citations"

    @property
    def table(self):
        table = Table(["Year", "papers with known citations", "lower quartile", "median", "upper quartile"])
        for year, n, where, quartiles in zip(
            self.years, self.n, self.wheres, self.quartiles.tolist(), strict=True
        ):
            table.rows.append(
                (Group(str(year)), [counted(n, where), *(Cell(value, n) for value in quartiles)])
            )
        return table


def h_index(citations):
    """The largest h such that h papers have h citations or more each."""
    falling = np.sort(citations)[::-1]
    return int((falling >= np.arange(1, len(falling) + 1)).sum())


def citations(columns, mask, *, most=10):
    """Of the papers where ``mask`` (n,) is true; quartiles by linear interpolation."""
    rows = np.flatnonzero(mask & (columns.citations >= 0))
    cited, years = columns.citations[rows], columns.year[rows]
    known, counts = np.unique(years, return_counts=True)
    everyone = tally(columns.year[mask])
    quartiles = np.array([np.percentile(cited[years == year], [25, 50, 75]) for year in known]).reshape(-1, 3)
    order = np.lexsort((columns.papers[rows], -cited))[:most]
    return Citations(
        known.tolist(),
        quartiles,
        counts.tolist(),
        [(("year", (y, y)),) if n == everyone[y] else None for y, n in tally(years).items()],
        days_of(columns, mask),
        int(mask.sum()) - len(rows),
        h_index(cited),
        float(np.median(cited)) if len(cited) else 0.0,
        [(int(columns.papers[rows[n]]), int(cited[n])) for n in order],
        int(mask.sum()),
    )


def days_of(columns, mask):
    """First and last day on which ADS gave the citations of the papers where ``mask`` is true."""
    rows, ordinals = columns.citations_on
    ordinals = ordinals[mask[rows]]
    return (
        tuple(date.fromordinal(int(n)) for n in (ordinals.min(), ordinals.max())) if len(ordinals) else None
    )
