"""Numbers → a drawn `Sheet`. Each kind of `series` has its drawing here or in `maps`."""

import math

from matplotlib.patches import Polygon, Wedge

from publications.plots import colours
from publications.plots.groups import Group
from publications.plots.series import EVERYONE
from publications.plots.sheet import (
    MARGIN,
    Sheet,
    bare,
    box,
    drawable,
    number_axis,
    shortened,
    width_of,
    wrapped,
    year_axis,
)

# Beside each other in one year there is room for so many bars; more get a panel each.
MOST_BESIDE = 5
HATCH = "////"
# Degrees of a slice that has room for its letter.
THINNEST = 3.2
EACH_ONCE = Group("papers, each counted once (line)", None, colours.BLACK)


def papers(n):
    return f"{n:,} paper{'' if n == 1 else 's'}"


def line(axes, years, values, narrow):
    """A line with a gap where a year has no value."""
    known, span = dict(zip(years, values, strict=True)), range(years[0], years[-1] + 1)
    axes.plot(
        span,
        [known.get(year, math.nan) for year in span],
        color=colours.INK,
        linewidth=0.7 if narrow else 1.1,
        marker="o",
        markersize=1.4 if narrow else 2.4,
    )


def nothing(size, title, caption, why):
    """A polite picture of no papers."""
    sheet = Sheet(size, 120, title, caption)
    for number, line in enumerate(wrapped(f"{why} There is nothing to draw.", sheet.width - 80, 10)):
        sheet.write(
            sheet.width / 2, sheet.below + 60 - 15 * number, line, 10, ha="center", color=colours.MUTED
        )
    return sheet


class Bars:
    """The common parts of the three kinds of histogram. ``now`` is the year that is not over."""

    def __init__(self, series, title, caption, size, now):
        self.series, self.now = series, now
        self.narrow = size == "narrow"
        self.unit = " %" if series.mode == "share" else ""
        self.values, self.fills = series.values, colours.fills(series.groups)
        self.codes = colours.codes(series.groups)
        self.alone = series.groups == [EVERYONE]
        self.arguments = (size, title, caption)
        # Room for the numbers of the axis and for its ticks.
        self.left, self.bottom = 34, 18

    def legend(self):
        line = [(EACH_ONCE, "")] if self.line else []
        return [] if self.alone else [*((group, "") for group in self.series.groups), *line]

    @property
    def line(self):
        """Whether the number of papers needs a line of its own: the groups add up to more."""
        return self.series.overlap and self.series.mode != "share"

    def draw_line(self, axes):
        if self.line:
            line(axes, self.series.years, self.series.total_values, self.narrow)

    def sheet(self, body, legend):
        size, title, caption = self.arguments
        return Sheet(size, body, title, caption, legend)

    def bar(self, sheet, axes, n, place, x, width, bottom=0.0):
        """One bar, a link to its papers; None where there are none."""
        series, year = self.series, self.series.years[place]
        count, value = int(series.counts[n, place]), self.values[n, place]
        if not count:
            return None
        patch = box(axes, x - width / 2, bottom, width, value, self.fills[n], 0.4)
        if year == self.now:
            patch.set_hatch(HATCH)
        label = "" if self.alone else f"{series.groups[n].label}, "
        until = "up to " if series.mode == "cumulative" else ""
        share = f" ({value:.1f} %)" if series.mode == "share" else ""
        return sheet.mark(
            patch, series.where(place, series.groups[n]), f"{label}{until}{year}: {papers(count)}{share}"
        )


def histogram(series, title, caption, size, now, *, style="stacked"):
    bars = Bars(series, title, caption, size, now)
    if style == "stacked" or bars.alone:
        return stacked(bars)
    return beside(bars) if len(series.groups) <= MOST_BESIDE and not bars.narrow else panels(bars)


def stacked(bars):
    series = bars.series
    sheet = bars.sheet(200 if bars.narrow else 300, bars.legend())
    axes = sheet.axes(bars.left, bars.bottom)
    points = sheet.width - 2 * MARGIN - bars.left
    year_axis(axes, series.years, points)
    most = max(bars.values.sum(axis=0).max(), series.total_values.max() if bars.line else 0)
    number_axis(axes, most, unit=bars.unit)
    wide = 0.84 * points / (series.years[-1] - series.years[0] + 1.4)
    for place, year in enumerate(series.years):
        bottom = 0.0
        for n in range(len(series.groups)):
            value = bars.values[n, place]
            patch = bars.bar(sheet, axes, n, place, year, 0.84, bottom)
            if patch and bars.codes[n] and year != bars.now and not bars.alone:
                letter(axes, bars, n, year, bottom + value / 2, value / most * bars_height(sheet, bars), wide)
            bottom += value
    bars.draw_line(axes)
    return sheet


def bars_height(sheet, bars):
    return (sheet.body - bars.bottom) / 1.06


def letter(axes, bars, n, x, y, high, wide):
    """The letter of a grey group inside its bar, where it fits."""
    if high >= 7.5 and wide >= width_of(bars.codes[n], 6.5) + 2:
        axes.text(x, y, bars.codes[n], fontsize=6.5, ha="center", va="center_baseline", color=colours.INK)


def beside(bars):
    """A bar for each group, beside each other in each year."""
    series = bars.series
    sheet = bars.sheet(300, bars.legend())
    axes = sheet.axes(bars.left, bars.bottom)
    year_axis(axes, series.years, sheet.width - bars.left)
    most = max(bars.values.max(), series.total_values.max() if bars.line else 0)
    number_axis(axes, most, unit=bars.unit)
    width = 0.84 / len(series.groups)
    for place, year in enumerate(series.years):
        for n in range(len(series.groups)):
            bars.bar(sheet, axes, n, place, year - 0.42 + width * (n + 0.5), width)
    bars.draw_line(axes)
    return sheet


def panels(bars):
    """A small histogram for each group, all on one scale, each under its own name; the line has its own."""
    series = bars.series
    across, high = 2 if bars.narrow else 4, 84
    names = [group.label for group in series.groups] + ["papers (own scale)"] * bars.line
    down = math.ceil(len(names) / across)
    sheet = bars.sheet(down * high, [])
    wide, left = (sheet.width - 2 * MARGIN) / across, 26 if bars.unit == "" else 32
    for n, name in enumerate(names):
        row, column = divmod(n, across)
        axes = sheet.axes(column * wide + left, (down - 1 - row) * high + 16, wide - left - 10, high - 34)
        year_axis(axes, series.years, (wide - left) / 1.6)
        of_group = n < len(series.groups)
        number_axis(
            axes, bars.values.max() if of_group else series.total_values.max(), ticks=2, unit=bars.unit
        )
        axes.tick_params(labelsize=7)
        axes.set_title(
            shortened(name, wide - 14, 8),
            fontsize=8,
            loc="left",
            x=-left / (wide - left - 10),
            pad=4,
            color=colours.INK,
        )
        if not of_group:
            bars.draw_line(axes)
            continue
        for place, year in enumerate(series.years):
            bars.bar(sheet, axes, n, place, year, 0.84)
    return sheet


def pie(series, title, caption, size, now, *, style="pie"):
    return (
        ranked_bars(series, title, caption, size) if style == "bars" else slices(series, title, caption, size)
    )


def slices(series, title, caption, size):
    total = sum(cell.value for _, cell in series.slices)
    groups = [group for group, _ in series.slices]
    legend = [
        (group, f"  {cell.value:,} ({100 * cell.value / total:.1f} %)") for group, cell in series.slices
    ]
    sheet = Sheet(size, 242, title, caption, legend)
    axes = bare(sheet.axes((sheet.width - 2 * MARGIN - 242) / 2, 0, 242, 242))
    axes.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1))
    angle = 90.0
    for (group, cell), fill, code in zip(
        series.slices, colours.fills(groups), colours.codes(groups), strict=True
    ):
        span = 360 * cell.value / total
        wedge = Wedge(
            (0, 0), 0.98, angle - span, angle, facecolor=fill, edgecolor=colours.PAPER, linewidth=0.6
        )
        axes.add_patch(sheet.mark(wedge, cell.where, f"{group.label}: {cell.value:,} {series.divides}"))
        # Inside a slice, beside one that is too thin, nowhere where letters would overlap.
        if code and span > THINNEST:
            middle, out = math.radians(angle - span / 2), 0.86 if span > 7 else 1.06
            axes.text(
                out * math.cos(middle),
                out * math.sin(middle),
                code,
                fontsize=7.5 if span > 7 else 6.5,
                ha="center",
                va="center",
                color=colours.INK,
            )
        angle -= span
    return sheet


def ranked_bars(series, title, caption, size):
    row, groups = 16, [group for group, _ in series.slices]
    sheet = Sheet(size, row * len(groups) + 4, title, caption)
    most = series.longest
    numbers = width_of(f"{max(cell.value for _, cell in series.slices):,}") + 10
    left = min(max(width_of(drawable(group.label)) for group in groups) + 8, 0.42 * sheet.width)
    axes = bare(sheet.axes(left, 0, sheet.width - 2 * MARGIN - left - numbers))
    axes.set(xlim=(0, most), ylim=(len(groups) - 0.4, -0.6))
    for place, ((group, cell), fill) in enumerate(zip(series.slices, colours.fills(groups), strict=True)):
        length = min(cell.value, most)
        bar = box(axes, 0, place - 0.37, length, 0.74, fill)
        if length < cell.value:
            gap(axes, 0.95 * most, 0.008 * most, place)
        sheet.mark(bar, cell.where, f"{group.label}: {cell.value:,} {series.divides}")
        y = sheet.below + sheet.body - (place + 0.6) / (len(groups) + 0.2) * sheet.body - 3
        sheet.write(MARGIN + left - 6, y, shortened(group.label, left - 8), ha="right")
        x = MARGIN + left + length / most * (sheet.width - 2 * MARGIN - left - numbers) + 4
        sheet.write(x, y, f"{cell.value:,}")
    return sheet


def gap(axes, x, wide, y):
    """A slanted cut through a bar that is longer than drawn."""
    corners = [(x, y + 0.45), (x + wide, y + 0.45), (x + 2 * wide, y - 0.45), (x + wide, y - 0.45)]
    axes.add_patch(Polygon(corners, facecolor=colours.PAPER, linewidth=0))


def citations(series, title, caption, size, now):
    sheet = Sheet(size, 200 if size == "narrow" else 280, title, caption)
    axes = sheet.axes(38, 18)
    year_axis(axes, series.years, sheet.width - 50)
    number_axis(axes, series.quartiles.max())
    for year, n, where, (low, middle, high) in zip(
        series.years, series.n, series.wheres, series.quartiles.tolist(), strict=True
    ):
        text = f"{year}: median {middle:,.1f}, quartiles {low:,.1f} and {high:,.1f}, {papers(n)}"
        bar = box(axes, year - 0.3, low, 0.6, max(high - low, 0.01), colours.STEPS[3], 0.4)
        if year == now:
            bar.set_hatch(HATCH)
        sheet.mark(bar, where, text)
    line(axes, series.years, series.quartiles[:, 1], size == "narrow")
    return sheet
