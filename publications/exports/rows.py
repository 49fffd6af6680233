"""A selection read once, in bibcode order and constant memory, with its authors and tags."""

from collections import defaultdict
from typing import NamedTuple

from publications.models import Authorship, Tag, TagAssignment

CHUNK = 2000


class Row(NamedTuple):
    """One paper: the values of the columns asked for, its authors, its tags for each category."""

    values: tuple
    authors: list
    tags: list  # one list of names for each category, in vocabulary order


def rows(papers, categories, columns, *, with_authors=True):
    """Yield a `Row` for each of ``papers``, by bibcode, whatever their present order.

    Two queries for each chunk of papers; no model instances, which would cost more than the rest.
    """
    ranks = vocabulary_ranks(categories)
    selection = papers.prefetch_related(None).order_by("bibcode").values_list("pk", *columns)
    for chunk in chunks(selection.iterator(chunk_size=CHUNK), CHUNK):
        keys = [pk for pk, *_ in chunk]
        authors = authors_of(keys) if with_authors else {}
        tags = tags_of(keys, ranks)
        for pk, *values in chunk:
            names = [[] for _ in categories]
            for column, _, name in sorted(tags.get(pk, ())):
                names[column].append(name)
            yield Row(tuple(values), authors.get(pk, []), names)


def vocabulary_ranks(categories):
    """``{tag id: (number of its category, its rank inside it, its name)}``."""
    column = {category.pk: number for number, category in enumerate(categories)}
    tags = Tag.objects.filter(category__in=column).order_by("position", "name")
    return {
        pk: (column[category], rank, name)
        for rank, (pk, category, name) in enumerate(tags.values_list("pk", "category", "name"))
    }


def chunks(items, size):
    chunk = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def authors_of(keys):
    authors = defaultdict(list)
    authorships = Authorship.objects.filter(paper__in=keys).order_by("paper", "position")
    for paper, name in authorships.values_list("paper", "author__name"):
        authors[paper].append(name)
    return authors


def tags_of(keys, ranks):
    tags = defaultdict(list)
    assignments = TagAssignment.objects.filter(paper__in=keys).order_by()
    for paper, tag in assignments.values_list("paper", "tag"):
        if tag in ranks:
            tags[paper].append(ranks[tag])
    return tags
