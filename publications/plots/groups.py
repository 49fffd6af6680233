"""Groups of papers: their names, their colours, and the conditions that select exactly them."""

from dataclasses import dataclass

import numpy as np

from publications.facets import tally

COLOURS = 10
MOST_GROUPS = 40


@dataclass(frozen=True)
class Group:
    """A bar, slice, row or point.

    ``where`` are the conditions, beside those of the selection, that its papers alone meet:
    pairs of a parameter and its value (of ``any`` the tags, of ``untagged`` the category and its
    tags, of ``year`` the first and the last); None when no parameters can say it. ``colour`` is a
    place among the ten colours; None is grey.
    """

    label: str
    where: tuple | None = None
    colour: int | None = None


@dataclass
class Dimension:
    """One way to part papers.

    ``rows``, ``values`` (k,): row of a paper in the columns, and a value that it has; a pair may
    stand there twice. ``groups`` is {value: Group} in the order of the vocabulary. ``none`` is the
    group of the papers without any value (None where each paper has one), ``rest`` what the values
    that are not shown are called. ``ordered``: the values have an order of their own (years).
    """

    name: str
    title: str
    rows: np.ndarray
    values: np.ndarray
    groups: dict
    none: Group | None = None
    rest: str = "other"
    ordered: bool = False


@dataclass
class Parts:
    """A selection, parted: ``matrix`` (papers of the selection, groups) bool says which is in which.

    ``values`` (papers,) is how many values a paper has; the first ``shown`` groups are single values.
    """

    dimension: Dimension
    groups: list
    matrix: np.ndarray
    values: np.ndarray
    shown: int

    @property
    def overlap(self):
        return bool(len(self.matrix)) and bool((self.matrix.sum(axis=1) > 1).any())

    @property
    def counts(self):
        return self.matrix.sum(axis=0).tolist()


def ranked(counts, groups):
    """The values by number of papers, ties in the order of ``groups``."""
    place = {value: n for n, value in enumerate(groups)}
    return sorted(counts, key=lambda value: (-counts[value], place[value]))


def part(dimension, mask, *, chosen=(), show=COLOURS, minimum=1):
    """`Parts` of the papers where ``mask`` (n,) is true.

    Shown are the values ``chosen``, else the ``show`` that most papers have, each at least
    ``minimum``; all others are one group, the papers without a value another: none is left out.
    """
    papers = int(mask.sum())
    inside = mask[dimension.rows]
    rows, values = (np.cumsum(mask) - 1)[dimension.rows[inside]], dimension.values[inside]
    pairs = distinct(rows, values)
    counts = tally(pairs[1])
    if chosen:
        shown = list(chosen)
    elif dimension.ordered:
        shown = [value for value in dimension.groups if value in counts]
    else:
        shown = [value for value in ranked(counts, dimension.groups) if counts[value] >= minimum][:show]
    rest = [value for value in dimension.groups if value in counts and value not in shown]
    return _parts(dimension, papers, pairs, shown, rest)


def distinct(rows, values):
    """Pairs (2, k), each once. Values are -1 or more."""
    base = int(values.max(initial=0)) + 2
    keys = np.sort(rows * base + values + 1)
    first = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
    return np.stack(np.divmod(keys[first], base)) - np.array([[0], [1]])


def _parts(dimension, papers, pairs, shown, rest):
    groups = [dimension.groups[value] for value in shown]
    members = [pairs[0][pairs[1] == value] for value in shown]
    if rest:
        groups.append(Group(f"{dimension.rest} ({len(rest)})", any_of([dimension.groups[v] for v in rest])))
        members.append(pairs[0][np.isin(pairs[1], rest)])
    values = np.bincount(pairs[0], minlength=papers)
    if dimension.none and (values == 0).any():
        groups.append(dimension.none)
        members.append(np.flatnonzero(values == 0))
    matrix = np.zeros((papers, len(groups)), dtype=bool)
    for place, rows in enumerate(members):
        matrix[rows, place] = True
    return Parts(dimension, groups, matrix, values, len(shown))


def any_of(groups):
    """The condition of having any value of ``groups``, which are tags; None for anything else."""
    wanted = [group.where for group in groups]
    if len(wanted) == 1:
        return wanted[0]
    if not all(where and len(where) == 1 and where[0][0] == "tag" for where in wanted):
        return None
    return (("any", tuple(where[0][1] for where in wanted)),)


def both(*wheres):
    """All conditions together; None when one of them cannot be said."""
    return None if any(where is None for where in wheres) else tuple(c for where in wheres for c in where)
