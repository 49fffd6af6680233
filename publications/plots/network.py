"""The network of tags that stand on the same papers: dots on a circle as large as their names allow."""

import math
from dataclasses import dataclass

from matplotlib.patches import Circle

from publications.plots import colours
from publications.plots.figures import papers
from publications.plots.sheet import MARGIN, WIDTHS, Sheet, bare, halved, shortened, width_of

# More lines than this are a ball of wool.
MOST_LINES = 100
# More names than this around a circle point away from its centre.
MOST_LEVEL = 8
# More names than this leave no room for second lines around the small circle of a narrow figure.
MOST_HALVED = 20
# Points.
LARGEST_DOT, LARGEST_CIRCLE, LONGEST_LINE = 10, 170, 140
# Of the width: a name longer than this is broken; radii between which the circle is.
ONE_LINE, LEAST, MOST = 0.15, 0.17, 0.325


def network(series, title, caption, size, now):
    return NetworkDrawing(series, size).draw(title, caption)


@dataclass
class Name:
    """A tag's name, ``width`` × ``height`` points; it begins ``away`` points outside the circle.

    ``level``, or along the line from the centre. ``angle`` in radians.
    """

    text: str
    angle: float
    width: float
    height: float
    away: float
    level: bool

    def __post_init__(self):
        self.across, self.up = math.cos(self.angle), math.sin(self.angle)

    @property
    def beyond(self):
        """Points to the side and upwards or downwards that it takes outside the circle."""
        across, up = abs(self.across), abs(self.up)
        if self.level:
            wide, high = self.width / (1 if self.beside else 2), self.height / (2 if up < 0.2 else 1)
        else:
            wide = self.width * across + self.height / 2 * up
            high = self.width * up + self.height / 2 * across
        return self.away * across + wide, self.away * up + high

    @property
    def beside(self):
        return abs(self.across) >= 0.2

    def write(self, axes, radius, letters):
        """Never upside down."""
        left, turned = self.across < -1e-9, math.degrees(self.angle)
        if self.level:
            ha = "center" if not self.beside else "right" if left else "left"
            va = "center" if abs(self.up) < 0.2 else "bottom" if self.up > 0 else "top"
            how = {"ha": ha, "va": va}
        else:
            rotation = turned + 180 if left else turned
            how = {"ha": "right" if left else "left", "va": "center", "rotation": rotation}
        x, y = (radius + self.away) * self.across, (radius + self.away) * self.up
        axes.text(x, y, self.text, fontsize=letters, color=colours.INK, rotation_mode="anchor", **how)


class NetworkDrawing:
    """A line is as strong as the number of papers that carry both tags.

    The axes are in points, with the centre of the circle as their origin.
    """

    def __init__(self, series, size):
        self.series, self.size, self.narrow = series, size, size == "narrow"
        self.inner, self.letters = WIDTHS[size] - 2 * MARGIN, 7 if self.narrow else 8
        self.number = len(series.nodes)
        self.dot = min(LARGEST_DOT, self.inner / 2 / self.number)
        self.names = self.named()
        # Each name asks for its own room only: one above the circle for none at its sides.
        rooms = [(self.inner / 2 - name.beyond[0]) / max(abs(name.across), 0.01) for name in self.names]
        self.radius = min(LARGEST_CIRCLE, MOST * self.inner, *rooms)
        ends = [math.copysign(self.radius * abs(name.up) + name.beyond[1], name.up) for name in self.names]
        self.top, self.bottom = max(*ends, self.dot), -min(*ends, -self.dot)

    def named(self):
        """A `Name` for each node, clockwise; in a narrow figure the longest stands at the top, with room."""
        lines = [self.lines(group.label) for group in self.series.nodes]
        widths = [self.width(each) for each in lines]
        first = widths.index(max(widths)) if self.narrow else 0
        angles = [math.pi / 2 - 2 * math.pi * (n - first) / self.number for n in range(self.number)]
        return [self.name(each, angle) for each, angle in zip(lines, angles, strict=True)]

    def width(self, lines):
        return max(width_of(line, self.letters) for line in lines)

    def lines(self, label):
        crowded = self.narrow and self.number > MOST_HALVED
        alone = crowded or width_of(label, self.letters) <= ONE_LINE * self.inner
        return [label] if alone else halved(label, self.letters)

    def name(self, lines, angle):
        """The lines, cut where they would leave the circle less than its least radius."""
        level, away, across = self.number <= MOST_LEVEL, self.dot + 4, abs(math.cos(angle))
        begin = LEAST * self.inner + away
        room = (
            self.inner / 2 - begin * across
            if level
            else self.inner / 2 / max(across, 0.01) - begin - self.letters
        )
        lines = [shortened(line, min(room, LONGEST_LINE), self.letters) for line in lines]
        high = 1.2 * self.letters * len(lines)
        return Name("\n".join(lines), angle, self.width(lines), high, away, level)

    def draw(self, title, caption):
        self.sheet = Sheet(self.size, self.top + self.bottom + 2 * MARGIN, title, caption)
        self.axes = bare(self.sheet.axes(0, MARGIN, height=self.top + self.bottom))
        self.axes.set(xlim=(-self.inner / 2, self.inner / 2), ylim=(-self.bottom, self.top))
        self.edges()
        self.dots()
        for name in self.names:
            name.write(self.axes, self.radius, self.letters)
        return self.sheet

    def spot(self, n):
        return self.radius * self.names[n].across, self.radius * self.names[n].up

    def edges(self):
        series = self.series
        edges = series.edges[:MOST_LINES]
        wheres = [cells[0].where for _, cells in series.table.rows[len(series.nodes) :]]
        for (a, b, n), where in reversed(list(zip(edges, wheres, strict=False))):
            line = self.axes.plot(
                *zip(self.spot(a), self.spot(b), strict=True),
                color=colours.STEPS[max(colours.step(n, edges[0][2]), 1)],
                linewidth=0.4 + 4.6 * n / edges[0][2],
                solid_capstyle="round",
            )[0]
            self.sheet.mark(line, where, f"{series.nodes[a].label} + {series.nodes[b].label}: {papers(n)}")

    def dots(self):
        series = self.series
        most = max(int(series.counts.diagonal().max()), 1)
        for n, (group, fill) in enumerate(zip(series.nodes, colours.fills(series.nodes), strict=True)):
            own = int(series.counts[n, n])
            radius = self.dot * (0.3 + 0.7 * math.sqrt(own / most))
            dot = Circle(self.spot(n), radius, facecolor=fill, edgecolor=colours.PAPER, zorder=3)
            self.axes.add_patch(self.sheet.mark(dot, group.where, f"{group.label}: {papers(own)}"))
