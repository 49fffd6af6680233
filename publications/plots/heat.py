"""The heat map: cells coloured and numbered by papers."""

import math

import numpy as np

from publications.plots import colours
from publications.plots.figures import papers
from publications.plots.groups import both
from publications.plots.sheet import MARGIN, WIDTHS, Sheet, bare, box, drawable, shortened, width_of

# Points: a row; the least width of a column under a label that stands upright; letters; numbers.
ROW, LEAST, LETTERS, NUMBERS = 17, 11.5, 8.5, 7.5
# What labels that stand upright may take of the height.
MOST_FOOT = {"wide": 150, "half": 110, "narrow": 110}


def heatmap(series, title, caption, size, now):
    return HeatMapDrawing(series, size).draw(title, caption)


class HeatMapDrawing:
    """Columns that find no room beside each other continue in a further block below."""

    def __init__(self, series, size):
        self.series, self.size, self.most = series, size, max(int(series.counts.max()), 1)
        labels = max(width_of(drawable(group.label), LETTERS) for group in series.x)
        names = max(width_of(drawable(group.label), LETTERS) for group in series.y)
        self.left = min(names + 8, 0.36 * WIDTHS[size])
        room = WIDTHS[size] - 2 * MARGIN - self.left
        self.upright = labels + 4 > room / len(series.x)
        least = max(width_of(f"{self.most:,}", NUMBERS) + 2.5, LEAST if self.upright else 0)
        blocks = math.ceil(len(series.x) * least / room)
        self.across = math.ceil(len(series.x) / blocks)
        self.blocks = math.ceil(len(series.x) / self.across)
        self.cell = room / self.across
        self.foot = min(labels + 12, MOST_FOOT[size]) if self.upright else 18
        self.high = ROW * len(series.y) + self.foot

    def draw(self, title, caption):
        self.sheet = Sheet(self.size, self.high * self.blocks, title, caption)
        for block in range(self.blocks):
            self.block(block * self.across, (self.blocks - 1 - block) * self.high)
        return self.sheet

    def block(self, first, bottom):
        """The columns from ``first`` on, ``bottom`` points above the lower end of the body."""
        series, rows = self.series, len(self.series.y)
        axes = bare(self.sheet.axes(self.left, bottom + self.foot, height=ROW * rows))
        axes.set(xlim=(first, first + self.across), ylim=(rows, 0))
        for y, x in np.argwhere(series.counts[:, first : first + self.across]).tolist():
            self.square(axes, y, first + x)
        for y, group in enumerate(series.y):
            place = self.sheet.below + bottom + self.foot + (rows - y - 0.5) * ROW - 3
            label = shortened(group.label, self.left - 7, LETTERS)
            self.sheet.write(MARGIN + self.left - 5, place, label, LETTERS, ha="right")
        for x, group in enumerate(series.x[first : first + self.across]):
            label = shortened(group.label, self.foot - 10 if self.upright else self.cell, LETTERS)
            self.sheet.write(
                MARGIN + self.left + (x + 0.5) * self.cell,
                self.sheet.below + bottom + self.foot - 4,
                label,
                LETTERS,
                ha="center",
                va="top",
                rotation=90 if self.upright else 0,
            )

    def square(self, axes, y, x):
        series, n = self.series, int(self.series.counts[y, x])
        row, column, step = series.y[y], series.x[x], colours.step(n, self.most)
        patch = box(axes, x, y, 1, 1, colours.STEPS[step], 0.6)
        self.sheet.mark(patch, both(row.where, column.where), f"{row.label} × {column.label}: {papers(n)}")
        ink, size = colours.INK if step < 5 else colours.ON_DEEP, NUMBERS
        axes.text(x + 0.5, y + 0.5, f"{n:,}", fontsize=size, ha="center", va="center_baseline", color=ink)
