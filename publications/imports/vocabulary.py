"""The categories and tags that a file names: known ones found, new ones made in their order."""

from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from django.db.models import Max

from publications.imports import values
from publications.imports.report import BadRow, ImportRefused
from publications.models import Category, Tag
from publications.models.validators import validate_column

# The predecessor's category for curators, and what it is shown as.
HIDDEN = "HIDDEN"
HIDDEN_LABEL = "JMMC"


class Wanted(NamedTuple):
    """A category that a file names, its ``tags`` in their order."""

    tags: list
    description: str = ""
    hidden: bool = False


class Vocabulary:
    """All categories and tags of the database, by name, as they were when it was last `read`."""

    def __init__(self):
        self.read()

    def read(self):
        self.categories = {category.name: category for category in Category.objects.all()}
        self.tags = former_names() | {
            folded: (pk, category)
            for folded, pk, category in Tag.objects.filter(leads_to=None).values_list(
                "name_folded", "pk", "category__name"
            )
        }

    def tags_of(self, row):
        """The ids of a row's tags; a tag that is not there, or not in that category, is a `BadRow`."""
        found = set()
        for category, name in row.tags:
            pk, home = self.tags.get(name.casefold(), (None, None))
            if pk is None:
                raise BadRow(f"{category or 'tag'}: there is no tag {name[:120]!r}")
            if category not in (None, home):
                raise BadRow(f"{category}: the tag {name!r} is in category {home}")
            if category is None and self.categories[home].retired:
                raise BadRow(f"the tag {name!r} is retired")
            found.add(pk)
        return found

    def require(self, columns):
        """Refuse the file when one of its columns is no category."""
        known = {name for category in self.categories.values() for name in (category.name, category.column)}
        for column in columns:
            if column not in known:
                raise ImportRefused(
                    f"line 1: {column!r} is neither a column nor a category here. "
                    "Correct its name, remove it, or give --create-categories"
                )

    def add(self, wanted, report):
        """Make what is missing of ``wanted``: ``{category: Wanted}``."""
        for name, category in wanted.items():
            if name not in self.categories:
                self.categories[name] = self.new_category(name, category)
                report.count("categories made")
            self.add_tags(self.categories[name], category.tags, report)

    def new_category(self, name, wanted):
        try:
            values.name(name, 60, validate_column)
        except BadRow as error:
            raise ImportRefused(f"the category {name[:60]!r} cannot be made: {error}") from error
        return Category.objects.create(
            name=name,
            label=HIDDEN_LABEL if name == HIDDEN else "",
            public=not wanted.hidden and name != HIDDEN,
            description=wanted.description,
            position=after_last(Category.objects),
        )

    def add_tags(self, category, names, report):
        position = after_last(category.tags)
        for name in names:
            if name.casefold() in self.tags or not possible(name):
                continue
            tag = Tag.objects.create(category=category, name=name, position=position)
            self.tags[name.casefold()] = (tag.pk, category.name)
            position += 1
            report.count("tags made")


def former_names():
    """As `Vocabulary.tags`: names that tags had before they were renamed, merged or retired for another."""
    slugs = dict(Tag.history.order_by("history_id").values_list("name_folded", "slug"))
    tags = Tag.objects.select_related("category").filter(leads_to=None).by_slug(slugs.values())
    return {name: (tags[slug].pk, tags[slug].category.name) for name, slug in slugs.items() if slug in tags}


def after_last(rows):
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


def possible(name):
    try:
        return bool(values.name(name, 120))
    except BadRow:
        return False


class CellOrder:
    """The order of tags as their cells show it: each cell holds some of them, in vocabulary order."""

    def __init__(self):
        self.before = {}

    def see(self, names):
        previous = None
        for name in names:
            earlier = self.before.setdefault(name, {})
            if previous is not None:
                earlier[previous] = None
            previous = name

    def names(self):
        """All names in an order that every cell agrees with; of first appearance when there is none."""
        try:
            return list(TopologicalSorter(self.before).static_order())
        except CycleError:
            return list(self.before)
