"""The facets beside a list: what the present selection holds, and where each value leads."""

from dataclasses import dataclass, field

from publications import facets
from publications.models import Category, Journal, SourceRecord

SHOWN = 7


@dataclass
class Value:
    """A line of a facet. ``query`` adds it to the selection or, when ``active``, takes it away.

    None: papers that no parameter selects.
    """

    label: str
    n: int
    query: str | None
    active: bool = False
    without: str = ""


@dataclass
class Facet:
    title: str
    css: str = ""
    internal: bool = False
    values: list = field(default_factory=list)

    @property
    def first(self):
        return [value for place, value in enumerate(self.values) if place < SHOWN or value.active]

    @property
    def rest(self):
        return [value for place, value in enumerate(self.values) if place >= SHOWN and not value.active]


def ranked(values):
    return sorted(values, key=lambda value: (-value.n, value.label.casefold()))


def tag_facets(selection, counts):
    """A facet for each category that the visitor sees, tags by number of papers."""
    chosen = {tag.pk for tag in selection.value("tag") or []}
    result = []
    for category in Category.objects.visible_to(selection.user).prefetch_related("tags"):
        facet = Facet(str(category), f"cat-{category.slug}", not category.public)
        for tag in category.tags.all():
            n, active = counts.tags.get(tag.pk, 0), tag.pk in chosen
            if n or active:
                query = selection.without("tag", tag.slug) if active else selection.having("tag", tag.slug)
                facet.values.append(
                    Value(tag.name, n, query, active, "" if active else selection.having("not", tag.slug))
                )
        facet.values = ranked(facet.values)
        result.append(facet)
    return [facet for facet in result if facet.values]


def single_facet(selection, title, name, labels, counts):
    """A facet of a parameter with one value; ``labels`` is {value: label}, ``counts`` {value: n}."""
    given = selection.parameters.get(name)
    values = []
    for value, n in counts.items():
        active = given == value
        query = selection.without(name) if active else selection.changed(page=None, **{name: value})
        values.append(Value(labels.get(value, value), n, query, active))
    return Facet(title, values=ranked(values))


def refereed_facet(selection, counts):
    """With the papers of which ADS has not said so, so that its numbers are those of the list."""
    labels = {"yes": "refereed", "no": "not refereed"}
    facet = single_facet(selection, "Refereed", "refereed", labels, counts.refereed)
    if unknown := counts.papers - sum(counts.refereed.values()):
        facet.values.append(Value("not known", unknown, None))
    return facet


def counts_of(selection):
    """`facets.Counts` of a valid selection."""
    return facets.count(selection.qs, everything=not selection.chips)


def facets_of(selection, counts):
    """The facets of a valid selection, of which ``counts`` are the numbers."""
    journals = Journal.objects.in_bulk(list(counts.journals))
    by_bibstem = {journals[pk].bibstem: n for pk, n in counts.journals.items()}
    names = {journal.bibstem: str(journal) for journal in journals.values()}
    found = [
        *tag_facets(selection, counts),
        single_facet(selection, "Journal", "journal", names, by_bibstem),
        refereed_facet(selection, counts),
    ]
    if "source" in selection.filters:
        found.append(
            single_facet(selection, "Also in", "source", dict(SourceRecord.Source.choices), counts.sources)
        )
    return [facet for facet in found if facet.values]
