"""The stars of a list → our targets, with what their papers say of instruments and years."""

from collections import defaultdict
from functools import reduce
from itertools import islice
from operator import or_
from typing import NamedTuple

from django.db.models import Count, Max, Min, Q

from publications.folding import target_key
from publications.models import Category, TagAssignment, Target, TargetAlias, TargetLink
from publications.models.target import InCone
from publications.sky import angle, unit_vector
from publications.starlists.reading import Star

NAMES_AT_ONCE = 500
# The conditions of so many cones make one query; SQLite allows no deeper expressions than 1,000.
CONES_AT_ONCE = 100


class Match(NamedTuple):
    """``by`` is "name", "position" or "" (no target); ``distance`` in arc seconds, None when not known."""

    star: Star
    target: Target | None
    by: str
    distance: float | None


def batches(items, size):
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch


def match(stars, radius):
    """A `Match` for every star, in order. A name or alias wins over a position.

    ``radius`` in arc seconds.
    """
    named = by_name(stars)
    found = {star.line: (target, "name") for star in stars if (target := named.get(target_key(star.name)))}
    rest = [star for star in stars if star.line not in found and star.ra is not None]
    found |= {line: (target, "position") for line, target in nearest(rest, radius).items()}
    return [Match(star, target, by, apart(star, target)) for star in stars
            for target, by in [found.get(star.line, (None, ""))]]  # fmt: skip


def by_name(stars):
    keys = sorted({target_key(star.name) for star in stars} - {""})
    targets = {}
    for batch in batches(keys, NAMES_AT_ONCE):
        aliases = TargetAlias.objects.filter(key__in=batch).select_related("target")
        targets |= {alias.key: alias.target for alias in aliases}
    return targets


def nearest(stars, radius):
    """``{line: target}`` for the stars that have a target within ``radius`` arc seconds."""
    found = {}
    for batch in batches(stars, CONES_AT_ONCE):
        cones = reduce(or_, (Q(InCone(star.ra, star.dec, radius / 3600)) for star in batch))
        targets = list(Target.objects.filter(cones).order_by("pk"))
        for star in batch:
            distance, target = min(
                ((apart(star, t), t) for t in targets), key=lambda d: d[0], default=(None, None)
            )
            if target is not None and distance <= radius:
                found[star.line] = target
    return found


def apart(star, target):
    """Arc seconds between a star of the list and a target, None when a position is not known."""
    if target is None or target.zone is None or star.ra is None:
        return None
    return angle(unit_vector(star.ra, star.dec), (target.x, target.y, target.z)) * 3600


class Literature(NamedTuple):
    papers: int
    first_year: int | None
    last_year: int | None
    tags: dict  # {category's key: names in vocabulary order}


def literature(targets):
    """``{target's key: Literature}``: how many papers, of which years, with which public tags."""
    found = {}
    for batch in batches(sorted({target.pk for target in targets}), NAMES_AT_ONCE):
        tags = defaultdict(lambda: defaultdict(dict))
        given = (
            TagAssignment.objects.public().filter(paper__target_links__target__in=batch).in_vocabulary_order()
        )
        for target, category, name in given.values_list(
            "paper__target_links__target_id", "tag__category_id", "tag__name"
        ).distinct():
            if target in batch:
                tags[target][category][name] = None
        years = TargetLink.objects.filter(target__in=batch).order_by().values_list("target_id")
        for target, *numbers in years.annotate(Count("pk"), Min("paper__year"), Max("paper__year")):
            found[target] = Literature(*numbers, {key: list(names) for key, names in tags[target].items()})
    return found


NOTHING = Literature(0, None, None, {})


class Answer:
    """A list that was read, its matches, and the table that they make."""

    def __init__(self, star_list, radius):
        self.problems = star_list.problems
        self.radius = radius
        self.matches = match(star_list.stars, radius)
        self.literature = literature([found.target for found in self.matches if found.target])
        self.categories = list(Category.objects.public())

    @property
    def matched(self):
        return sum(1 for found in self.matches if found.target)

    @property
    def heading(self):
        names = ["line", "given", "matched_by", "target", "ra", "dec", "distance_arcsec"]
        return [*names, "papers", "first_year", "last_year", *(category.name for category in self.categories)]

    def rows(self):
        """Rows of str, float, int or None under `heading`."""
        for found in self.matches:
            yield [*self.identification(found), *self.bibliography(found)]

    @staticmethod
    def identification(found):
        star, target, by, distance = found
        place = [target.name, target.ra, target.dec] if target else [None, None, None]
        return [star.line, star.given, by, *place, distance if distance is None else round(distance, 4)]

    def bibliography(self, found):
        what = self.of(found)
        tags = ["; ".join(what.tags.get(category.pk, ())) for category in self.categories]
        return [what.papers if found.target else None, what.first_year, what.last_year, *tags]

    def of(self, found):
        return self.literature.get(found.target.pk, NOTHING) if found.target else NOTHING

    def shown(self):
        """What a page shows of each match: the match, its papers and its instruments."""
        instruments = [
            category.pk for category in self.categories if category.name.casefold() == "instrument"
        ]
        for found in self.matches:
            what = self.of(found)
            names = [name for key in instruments for name in what.tags.get(key, ())]
            yield {"found": found, "literature": what, "instruments": ", ".join(names)}
