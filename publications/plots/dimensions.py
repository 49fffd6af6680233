"""The ways to part papers that a figure offers, from the columns of all papers and the vocabulary."""

import numpy as np

from publications.facets import tally
from publications.models import Author, Category, Journal, Keyword
from publications.plots.groups import COLOURS, Dimension, Group, ranked

# What can part papers beside the categories of tags: {name: title}.
WORDS = {
    "year": "year",
    "journal": "journal",
    "refereed": "refereed",
    "first-author": "first author",
    "author": "author",
    "keyword": "ADS keyword",
}
# A heat map of more years than this has a column for several years.
MOST_YEARS = 40


def categories_for(user):
    """``{name: category}`` of those that ``user`` sees; a name of `WORDS` is never one of them."""
    return {c.slug: c for c in Category.objects.visible_to(user) if c.slug not in WORDS}


def title_of(category):
    """What figures call it; a curator is told which ones visitors do not see."""
    return str(category) if category.public else f"{category} (internal)"


def usual_for(user):
    """The category that a figure shows when none is named."""
    names = categories_for(user)
    return "facility" if "facility" in names else next(iter(names), "journal")


def dimension_of(name, columns, user, *, collaborations=True):
    """The `Dimension` called ``name``: a word of `WORDS` or the name of a category that ``user`` sees."""
    if name in WORDS:
        if name in ("author", "first-author"):
            return by_author(name, columns, collaborations)
        return {"year": by_year, "journal": by_journal, "refereed": by_refereed, "keyword": by_keyword}[name](
            columns
        )
    return by_category(categories_for(user)[name], columns)


def coloured(groups, rows, values):
    """``groups`` with a colour for the ten that most papers of the whole database have."""
    counts = tally(values)
    largest = ranked({value: counts.get(value, 0) for value in groups}, groups)[:COLOURS]
    place = {value: n for n, value in enumerate(largest)}
    return {value: Group(g.label, g.where, place.get(value)) for value, g in groups.items()}


def by_category(category, columns):
    tags = {tag.pk: tag for tag in category.tags.order_by("position", "name")}
    known = np.isin(columns.tag, list(tags))
    rows, values = columns.tag_row[known], columns.tag[known]
    groups = {pk: Group(tag.name, (("tag", tag.slug),)) for pk, tag in tags.items()}
    slugs = tuple(tag.slug for tag in tags.values())
    none = Group("untagged", (("untagged", (category.name, slugs)),))
    return Dimension(
        category.slug, title_of(category), rows, values, coloured(groups, rows, values), none, "other tags"
    )


def by_tags(tags, columns, user):
    """Parted by a few chosen tags of any category; a colour that two categories share is given once."""
    groups, taken = {}, set()
    for category in {tag.category.slug: tag.category for tag in tags}.values():
        groups |= by_category(category, columns).groups
    chosen = {}
    for tag in tags:
        group = groups[tag.pk]
        colour = group.colour
        if colour in taken:
            colour = next((n for n in range(COLOURS) if n not in taken), None)
        taken.add(colour)
        chosen[tag.pk] = Group(group.label, group.where, colour)
    known = np.isin(columns.tag, list(chosen))
    none = Group("none of these", tuple(("not", tag.slug) for tag in tags))
    return Dimension("tags", "chosen tags", columns.tag_row[known], columns.tag[known], chosen, none)


def by_year(columns):
    rows = np.arange(len(columns.papers))
    years = [int(year) for year in np.unique(columns.year)]
    groups = {year: Group(str(year), (("year", (year, year)),)) for year in years}
    return Dimension("year", "year", rows, columns.year, groups, ordered=True)


def in_steps(dimension, mask):
    """The dimension year in equal steps, so that the selection has at most `MOST_YEARS` of them."""
    years = dimension.values[mask]
    span = int(years.max() - years.min()) if len(years) else 0
    step = next(step for step in (1, 5, 10, 25, 50) if span / step < MOST_YEARS - 1)
    first = dimension.values // step * step
    groups = {
        int(year): Group(
            str(year) if step == 1 else f"{year}–{year + step - 1}",
            (("year", (int(year), int(year + step - 1))),),
        )
        for year in np.unique(first)
    }
    return Dimension("year", "year", dimension.rows, first, groups, ordered=True)


def by_journal(columns):
    rows = np.arange(len(columns.papers))
    journals = Journal.objects.in_bulk(list(tally(columns.journal)))
    ordered = sorted(journals.values(), key=lambda journal: journal.bibstem)
    groups = {j.pk: Group(j.bibstem, (("journal", j.bibstem),)) for j in ordered}
    return Dimension(
        "journal",
        "journal",
        rows,
        columns.journal,
        coloured(groups, rows, columns.journal),
        None,
        "other journals",
    )


def by_refereed(columns):
    rows = np.arange(len(columns.papers))
    groups = {
        1: Group("refereed", (("refereed", "yes"),), 0),
        0: Group("not refereed", (("refereed", "no"),), 1),
        -1: Group("not known"),
    }
    return Dimension("refereed", "refereed", rows, columns.refereed, groups)


def by_author(name, columns, collaborations):
    """Parted by spelling; spellings that a reader takes for one person stay apart."""
    rows, values = columns.first_authors if name == "first-author" else columns.authors
    authors = Author.objects.order_by("name").values_list("pk", "name")
    if not collaborations:
        authors = authors.filter(collaboration=False)
    groups = {key: Group(author) for key, author in authors}
    if not collaborations:
        known = np.isin(values, list(groups))
        rows, values = rows[known], values[known]
    groups = coloured(groups, rows, values)
    return Dimension(name, WORDS[name], rows, values, groups, Group("no author known"), "other authors")


def by_keyword(columns):
    """Spellings that differ in case and accents only are one keyword, under the first of them."""
    rows, values = columns.keywords
    first, groups, same = {}, {}, {}
    for key, name, folded in Keyword.objects.order_by("name").values_list("pk", "name", "folded"):
        same[key] = first.setdefault(folded or name, key)
        if same[key] == key:
            groups[key] = Group(name, (("keyword", name),) if folded else None)
    values = np.array([same[key] for key in values.tolist()], dtype=np.int64)
    groups = coloured(groups, rows, values)
    return Dimension("keyword", WORDS["keyword"], rows, values, groups, Group("no keyword"), "other keywords")
