"""The sky: points, or cells where there is no room for points."""

import math

import numpy as np
from matplotlib.patches import Polygon

from publications.plots import colours
from publications.plots.figures import papers
from publications.plots.sheet import MARGIN, Sheet

# Declinations for the names of the hours, those next to the equator first.
ROWS = sorted(range(-60, 61, 5), key=abs)
# Half the width and height of such a name with a dot beside it, in points.
HOUR = (12, 9)


def sky(series, title, caption, size, now):
    """All of the sky, right ascension growing to the left."""
    sheet = Sheet(size, 150 if size == "narrow" else 360, title, caption, ())
    axes = sheet.axes(20, 6, sheet.width - 2 * MARGIN - 40, sheet.body - 12, projection="mollweide")
    axes.grid(color=colours.LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_longitude_grid_ends(90)
    hours = (18, 12, 6) if size == "narrow" else (20, 16, 12, 8, 4)
    axes.set_xticks(np.radians([180 - 15 * hour for hour in hours]), [""] * len(hours))
    name_hours(axes, hours, series.points)
    axes.set_yticks(np.radians([-60, -30, 0, 30, 60]), ["−60°", "−30°", "0°", "+30°", "+60°"])
    axes.tick_params(labelsize=7, labelcolor=colours.MUTED)
    if series.cells:
        most = max(cell.papers for cell in series.cells)
        for cell in series.cells:
            patch(axes, sheet, cell, most)
        return sheet
    most = max(point[3] for point in series.points)
    for group, ra, dec, n in series.points:
        dot = axes.plot(
            *eastward(ra, dec),
            marker="o",
            markersize=(3 if size == "narrow" else 4) + 4 * math.sqrt(n / most),
            color=colours.STEPS[max(colours.step(n, most), 4)],
            markeredgecolor=colours.PAPER,
            markeredgewidth=0.4,
        )[0]
        sheet.mark(dot, group.where, f"{group.label}: {papers(n)}")
    return sheet


def name_hours(axes, hours, points):
    """A row of names on the meridians, over cells and under points, where it touches the fewest points."""
    axes.apply_aspect()
    spots = at(axes, [point[1:3] for point in points])
    row = min(ROWS, key=lambda dec: sum(near(spots, at(axes, [(15 * hour, dec)])) for hour in hours))
    halo = {"facecolor": colours.PAPER, "alpha": 0.8, "linewidth": 0, "pad": 0.6}
    for hour in hours:
        axes.text(
            *np.ravel(eastward(15 * hour, row)),
            f"{hour}h",
            fontsize=7,
            color=colours.MUTED,
            ha="center",
            va="center",
            zorder=1.5,
            bbox=halo,
        )


def at(axes, places):
    """(ra, dec) in degrees → points from the corner of the figure, (n, 2)."""
    return axes.transData.transform([np.ravel(eastward(*place)) for place in places])


def near(spots, spot):
    """How many of ``spots`` (n, 2) the name of an hour at ``spot`` would touch."""
    return int((np.abs(spots - spot) < HOUR).all(axis=1).sum())


def eastward(ra, dec):
    """Degrees → place in the projection, 12 h in the middle."""
    return [math.radians(180 - ra)], [math.radians(dec)]


def patch(axes, sheet, cell, most):
    """A part of the sky, coloured by papers."""
    (east, west), (low, high) = cell.ra, cell.dec
    corners = [(east, low), (west, low), (west, high), (east, high)]
    outline = [(math.radians(180 - ra), math.radians(dec)) for ra, dec in corners]
    area = Polygon(outline, facecolor=colours.STEPS[colours.step(cell.papers, most)], linewidth=0)
    place = f"RA {east:.0f}° to {west:.0f}°, Dec {low:+.0f}° to {high:+.0f}°"
    targets = f"{cell.targets:,} target{'' if cell.targets == 1 else 's'}"
    axes.add_patch(sheet.mark(area, None, f"{place}: {papers(cell.papers)}, {targets}"))
