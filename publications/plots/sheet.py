"""A sheet of paper to draw on: title above, legend and caption below, everything measured in points."""

import re
from dataclasses import dataclass

import matplotlib
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from publications.plots import colours

matplotlib.use("agg")
# Set once, at import: names of tags are text, not formulas; text of a vector figure stays text.
matplotlib.rcParams.update(
    {
        "text.parse_math": False,
        "axes.unicode_minus": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "olbin",
        "pdf.fonttype": 42,
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": 9,
        "hatch.linewidth": 1.4,
    }
)
# Points: 960, 587 and 373 CSS pixels.
WIDTHS = {"wide": 720, "half": 440, "narrow": 280}
MARGIN = 6
# Where a name may be broken.
GAP = re.compile(r"[ -](?=\w)")
TITLE, LEGEND, CAPTION = (11, 15), (8.5, 13), (8, 11)  # size, distance of lines


def drawable(text):
    """``text`` in what the font has; another script's letters stand as boxes."""
    font = get_font(findfont(FontProperties()))
    return "".join(c if c.isprintable() and font.get_char_index(ord(c)) else "□" for c in text)


def width_of(text, size=9.0):
    """Points that a line takes."""
    font = get_font(findfont(FontProperties()))
    font.set_size(size, 72)
    font.set_text(drawable(text))
    return font.get_width_height()[0] / 64


def shortened(text, width, size=9.0):
    """``text`` cut to ``width`` points, with an ellipsis."""
    text = drawable(text)
    if width_of(text, size) <= width:
        return text
    while text and width_of(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text, width, size):
    """``text`` as lines of at most ``width`` points, broken at spaces."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(shortened(word, width, size))
    return [line for line in lines if line]


def halved(text, size):
    """``text`` as two lines, broken where the longer one is shortest; as one where no gap is."""
    pairs = [(text[: gap.end()].rstrip(), text[gap.end() :]) for gap in GAP.finditer(text)]
    return min(pairs, key=lambda pair: max(width_of(line, size) for line in pair), default=(text,))


@dataclass
class Mark:
    """Something to click: its papers' conditions and its title."""

    where: tuple | None
    title: str


class Sheet:
    """``body`` points of height to draw in, between what is written above and below.

    ``legend`` is a list of (group, text after its label).
    """

    def __init__(self, size, body, title, caption, legend=()):
        self.width, self.title, self.caption = WIDTHS[size], title, caption
        self.narrow = size == "narrow"
        self.marks = []
        inner = self.width - 2 * MARGIN
        titles, captions = wrapped(title, inner, TITLE[0] * 1.08), wrapped(caption, inner, CAPTION[0])
        rows = self.legend_rows(legend, inner)
        self.below = MARGIN + CAPTION[1] * len(captions) + LEGEND[1] * len(rows) + 8
        self.body = body
        self.height = self.below + body + TITLE[1] * len(titles) + 2 * MARGIN
        self.figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72, facecolor=colours.PAPER)
        top = self.height - MARGIN
        for number, line in enumerate(titles):
            self.write(MARGIN, top - TITLE[1] * (number + 0.8), line, TITLE[0], weight="bold")
        for number, line in enumerate(captions):
            y = MARGIN + CAPTION[1] * (len(captions) - 1 - number)
            self.write(MARGIN, y, line, CAPTION[0], color=colours.MUTED)
        for number, row in enumerate(rows):
            y = MARGIN + CAPTION[1] * len(captions) + LEGEND[1] * (len(rows) - 1 - number) + 4
            for x, fill, code, text in row:
                self.swatch(x, y, fill, code, text)

    def legend_rows(self, legend, inner):
        """Lists of (x, fill, letter, text), as many beside each other as there is room for."""
        groups = [group for group, _ in legend]
        rows, x = [], inner
        for (group, after), fill, code in zip(
            legend, colours.fills(groups), colours.codes(groups), strict=True
        ):
            text = shortened(group.label, inner - 80, LEGEND[0]) + after
            needed = 17 + width_of(text, LEGEND[0]) + 10
            if x + needed > inner:
                rows.append([])
                x = 0
            rows[-1].append((MARGIN + x, fill, code, text))
            x += needed
        return rows

    def swatch(self, x, y, fill, code, text):
        """A box of a colour and its text; a line for what is drawn as a line."""
        inch = self.figure.dpi_scale_trans
        if fill == colours.INK:
            middle = (y + 3.5) / 72
            dots = Line2D([x / 72, (x + 13) / 72], [middle] * 2, transform=inch, color=fill, linewidth=1.1)
            dots.set(marker="o", markersize=2.4)
            self.figure.add_artist(dots)
        else:
            place = (x / 72, (y - 1) / 72)
            box_ = Rectangle(place, 13 / 72, 9.5 / 72, transform=inch, facecolor=fill, linewidth=0)
            self.figure.add_artist(box_)
        if code:
            self.write(x + 6.5, y + 1, code, 7, ha="center")
        self.write(x + 17, y, text, LEGEND[0])

    def write(self, x, y, text, size=9, **how):
        """A line at points from the left and from the bottom."""
        how.setdefault("color", colours.INK)
        self.figure.text(
            x / 72, y / 72, drawable(text), transform=self.figure.dpi_scale_trans, fontsize=size, **how
        )

    def axes(self, left=0, bottom=0, width=None, height=None, **how):
        """Axes in the body; numbers are points from its lower left corner."""
        width = self.width - 2 * MARGIN - left if width is None else width
        height = self.body - bottom if height is None else height
        place = [
            (MARGIN + left) / self.width,
            (self.below + bottom) / self.height,
            width / self.width,
            height / self.height,
        ]
        axes = self.figure.add_axes(place, facecolor="none", **how)
        axes.tick_params(colors=colours.MUTED, labelcolor=colours.INK, length=3, width=0.6)
        for spine in axes.spines.values():
            spine.set(color=colours.MUTED, linewidth=0.6)
        return axes

    def mark(self, artist, where, title):
        """Make ``artist`` lead to the papers of ``where``."""
        artist.set_url(self.marked(where, title))
        return artist

    def marked(self, where, title):
        """The stand-in for an address: `formats` puts the address in its place."""
        self.marks.append(Mark(where, title))
        return f"mark:{len(self.marks) - 1}"


def box(axes, x, y, width, height, fill, line=0.0):
    """A filled box in the units of axes whose limits are set. (`Axes.bar` takes ten times as long.)"""
    patch = Rectangle(
        (x, y), width, height, facecolor=fill, edgecolor=colours.PAPER if line else "none", linewidth=line
    )
    return axes.add_artist(patch)


def bare(axes):
    """Axes of which only the drawing is seen."""
    axes.set_axis_off()
    return axes


def year_axis(axes, years, points):
    """Whole years along ``points`` points."""
    axes.set_xlim(min(years) - 0.7, max(years) + 0.7)
    axes.xaxis.set_major_locator(MaxNLocator(max(1, int(points / 45)), integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))


def number_axis(axes, most, *, ticks=6, unit=""):
    """Whole numbers from 0, with lines across."""
    axes.set_ylim(0, most * 1.06 or 1)
    axes.yaxis.set_major_locator(MaxNLocator(ticks, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda n, _: f"{n:,.0f}{unit}"))
    axes.grid(axis="y", color=colours.LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
