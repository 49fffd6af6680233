"""A selection and the parameters of a figure → its numbers, title and notes, and from these its drawing."""

from dataclasses import dataclass, replace

from publications.facets import tally
from publications.known_positions import KnownPositions
from publications.models import Target
from publications.plots import dimensions, figures, heat, impact, maps, network, series, targets
from publications.plots.groups import COLOURS, MOST_GROUPS, part
from publications.search.authors import is_one_spelling

DRAW = {
    "histogram": figures.histogram,
    "pie": figures.pie,
    "heatmap": heat.heatmap,
    "citations": figures.citations,
    "network": network.network,
    "sky": maps.sky,
}

AUTHORS = ("author", "first-author")
NO_PAPER = "No paper meets all of these conditions."
# Papers there are, but none with what the figure shows.
EMPTY = {
    "citations": "ADS's number of citations is not known for any of these papers.",
    "network": "None of these papers carries a tag of this category.",
    "sky": "None of these papers is linked to a target with a known position.",
}


@dataclass
class Plot:
    """The numbers of a figure and the words around them."""

    numbers: object
    title: str
    notes: list
    style: str = ""

    @property
    def empty(self):
        """Why there is nothing to draw; empty text when there is something."""
        if not self.numbers.papers:
            return NO_PAPER
        return "" if self.numbers.table.rows else EMPTY.get(self.numbers.kept, NO_PAPER)

    def draw(self, caption, size, now):
        """A `Sheet`; ``now`` is the year that is not over."""
        if self.empty:
            return figures.nothing(size, self.title, caption, self.empty)
        style = {"style": self.style} if self.style else {}
        return DRAW[self.numbers.kept](self.numbers, self.title, caption, size, now, **style)


class Builder:
    """Builds the plots of one selection: ``mask`` (n,) over ``columns``, for what ``user`` may see."""

    def __init__(self, columns, mask, user, now):
        self.columns, self.mask, self.user, self.now = columns, mask, user, now

    def build(self, kind, form):
        return getattr(self, kind)(form)

    def dimension(self, name, **how):
        return dimensions.dimension_of(name, self.columns, self.user, **how)

    def part(self, dimension, form, *, show=COLOURS, **how):
        return part(
            dimension, self.mask, show=form.given("show", show), minimum=form.given("minimum", 1), **how
        )

    def histogram(self, form):
        by, tags, mode = form.given("by"), form.given("tags", []), form.given("mode", "absolute")
        parts, title = None, "Papers by year"
        if by:
            dimension = self.dimension(by)
            parts = self.part(dimension, form, chosen=[tag.pk for tag in tags])
            title += f" and {dimension.title}"
        elif tags:
            dimension = dimensions.by_tags(tags, self.columns, self.user)
            parts = self.part(dimension, form, chosen=[tag.pk for tag in tags])
            title += ", by chosen tags"
        numbers = series.histogram(self.columns.year[self.mask], parts, mode=mode)
        notes = []
        if mode == "share":
            notes.append("Per cent of the papers of each year.")
        if mode == "cumulative":
            notes.append("Papers up to each year.")
        if numbers.overlap and mode == "share":
            notes.append("A paper may stand in several groups, so shares may add up to more than 100 %.")
        elif numbers.overlap:
            notes.append("A paper may stand in several groups.")
        notes += self.hatched(numbers.years)
        return Plot(numbers, title, notes, form.given("style", "stacked"))

    def hatched(self, years):
        """What tells that the present year, where it is among ``years``, is not over."""
        return [f"Hatched: {self.now} so far."] if self.now in years else []

    def pie(self, form):
        by, collaborations = form.given("by"), form.given("collaborations") != "no"
        # Nearly every paper has several authors: a pie of papers would show none of them.
        style = form.given("style", "bars" if by == "author" else "pie")
        by_paper = style == "pie" and by != "author"
        divides = form.given("divide", "papers" if by_paper else "assignments")
        dimension = self.dimension(by, collaborations=collaborations)
        parts = self.part(dimension, form)
        if by in AUTHORS:
            parts.groups[: parts.shown] = [linked_author(by, g) for g in parts.groups[: parts.shown]]
        numbers = series.pie(parts, divides=divides)
        assignments = (
            f"{numbers.assignments:,} assignments of {dimension.title} to {figures.papers(numbers.papers)}."
        )
        how = {
            "papers": "Each paper is in one slice; those of several values have a slice of their own.",
            "assignments": "A paper counts once for each of its values.",
        }
        notes = [how[divides], assignments]
        if by in AUTHORS and not collaborations:
            notes.append("Collaborations are left out as authors.")
        if style == "bars" and any(cell.value > numbers.longest for _, cell in numbers.slices):
            notes.append("A bar with a gap is longer than drawn.")
        return Plot(numbers, f"Papers by {dimension.title}", notes, style)

    def heatmap(self, form):
        found = []
        for name in (form.given("x"), form.given("y")):
            dimension = self.dimension(name)
            if name == "year":
                dimension = dimensions.in_steps(dimension, self.mask)
            found.append(self.part(dimension, form, show=15))
        numbers = series.heatmap(*found)
        notes = ["A paper of several values counts in several cells."]
        return Plot(numbers, f"Papers by {numbers.y_title} and {numbers.x_title}", notes)

    def network(self, form):
        dimension = self.dimension(form.given("by"))
        shown = part(dimension, self.mask, show=form.given("show", MOST_GROUPS // 2))
        numbers = series.network(shown, minimum=form.given("minimum", 1))
        notes = ["A line is as strong as the number of papers that carry both tags."]
        pairs = len(numbers.edges)
        if pairs > network.MOST_LINES:
            notes.append(f"Drawn are the strongest {network.MOST_LINES} of {pairs} pairs; the table has all.")
        return Plot(numbers, f"{dimension.title}: tags on the same papers", notes)

    def sky(self, form):
        rows, keys = self.columns.targets
        inside = self.mask[rows]
        links = rows[inside], keys[inside]
        found = Target.objects.in_bulk(list(tally(links[1]))).values()
        places = [(target.pk, target.name, target.ra, target.dec) for target in found]
        numbers = targets.sky(places, links, int(self.mask.sum()))
        notes = [
            f"{len(numbers.points):,} targets that papers are linked to; right ascension grows to the left."
        ]
        known = KnownPositions(numbers.positioned, numbers.papers)
        notes.append(f"{known}.".capitalize())
        if numbers.without_position:
            notes.append(f"Left out: {numbers.without_position:,} without a known position.")
        if numbers.cells:
            notes.append("Cells of equal area, the stronger their colour the more papers.")
        elif numbers.points:
            notes.append(f"The larger and stronger a point, the more papers: 1 to {numbers.points[-1][3]:,}.")
        return Plot(numbers, "Targets on the sky", notes)

    def citations(self, form):
        numbers = impact.citations(self.columns, self.mask)
        notes = []
        if numbers.years:
            on = f" {period(*numbers.days)}" if numbers.days else ""
            notes = [
                f"h-index {numbers.h}, median {numbers.median:,.1f} citations of a paper.",
                f"Counted by ADS{on}. Bars: from the lower to the upper quartile; line: median.",
            ]
        notes += self.hatched(numbers.years)
        if numbers.unknown:
            notes.append(f"Left out: {figures.papers(numbers.unknown)} without a known number.")
        return Plot(numbers, "Citations of the papers of each year", notes)


def linked_author(parameter, group):
    """``group`` with an address where the list tells this spelling of a name from all others."""
    return replace(group, where=((parameter, group.label),)) if is_one_spelling(group.label) else group


def period(first, last):
    return f"on {first}" if first == last else f"between {first} and {last}"
