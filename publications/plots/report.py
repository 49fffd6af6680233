"""The tables of the page for reports: counts of a selection by year, category, facility."""

import dataclasses
from dataclasses import dataclass

import numpy as np

from publications.plots import dimensions, series
from publications.plots.groups import MOST_GROUPS, Dimension, Group, both, part
from publications.plots.tables import Cell, Table, counted

# Years with a column of their own; those before are one column.
RECENT_YEARS = 10


@dataclass
class Section:
    title: str
    table: Table
    caution: bool = False

    @property
    def wide(self):
        """Whether it takes the width of the page; others stand beside each other."""
        return len(self.table.heads) > 2


def report(columns, mask, user, now):
    """A list of `Section`; ``now`` is the present year, which is not over."""
    categories = dimensions.categories_for(user)
    if not categories:
        return []
    main = dimensions.by_category(next(iter(categories.values())), columns)
    facility = dimensions.by_category(categories.get("facility", list(categories.values())[-1]), columns)
    by_year = series.histogram(columns.year[mask], part(main, mask, show=MOST_GROUPS))
    sections = [Section(f"Year × {main.title}", by_year.table)]
    periods = recent(columns, now)
    sections.append(Section(f"{facility.title} × year", crossed(facility, periods, mask), True))
    for value, group in main.groups.items():
        tagged = mask.copy()
        tagged[:] = False
        tagged[main.rows[main.values == value]] = True
        tagged &= mask
        if tagged.any():
            title = f"{facility.title} × year: {group.label}"
            sections.append(Section(title, narrowed_to(crossed(facility, periods, tagged), group), True))
    for dimension in (
        dimensions.by_journal(columns),
        *(dimensions.by_category(c, columns) for c in categories.values() if c.slug != facility.name),
    ):
        shares = series.pie(part(dimension, mask, show=MOST_GROUPS), divides="assignments")
        shares.divides = "papers"
        sections.append(Section(f"{dimension.title[:1].upper()}{dimension.title[1:]}", shares.table))
    return sections


def recent(columns, now):
    """The dimension year: one group for all years before the recent ones, then one for each."""
    first = now - RECENT_YEARS + 1
    values = np.maximum(columns.year, first - 1)
    groups = {first - 1: Group(f"before {first}", (("year", (None, first - 1)),))}
    for year in range(first, max(int(values.max(initial=0)), now) + 1):
        groups[year] = Group(f"{year} so far" if year == now else str(year), (("year", (year, year)),))
    return Dimension("year", "year", np.arange(len(values)), values, groups, ordered=True)


def crossed(rows, periods, mask):
    """Rows × periods, with the number of papers of each row and, last, of each period."""
    y, x = part(rows, mask, show=MOST_GROUPS), part(periods, mask, chosen=list(periods.groups))
    table = series.heatmap(x, y).table
    table.heads = [rows.title, "papers", *(group.label for group in x.groups)]
    for (group, cells), n in zip(table.rows, y.counts, strict=True):
        cells.insert(0, counted(n, group.where))
    totals = [counted(n, group.where) for group, n in zip(x.groups, x.counts, strict=True)]
    table.rows.append((Group("papers, each counted once"), [counted(int(mask.sum()), ()), *totals]))
    return table


def narrowed_to(table, group):
    """The table of papers that are all in ``group``, with its condition in each link."""
    rows = [(row, [narrowed_cell(cell, group) for cell in cells]) for row, cells in table.rows]
    return Table(table.heads, rows)


def narrowed_cell(cell: Cell, group):
    return dataclasses.replace(cell, where=both(group.where, cell.where))
