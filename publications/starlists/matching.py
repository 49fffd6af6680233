"""The stars of a list → our targets, with what their papers say of instruments and years."""

import math
from collections import defaultdict
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from django.db.models import Count, Max, Min

from publications.folding import target_key
from publications.models import Category, TagAssignment, Target, TargetAlias, TargetLink
from publications.sky import ROUNDING, angle, chord_squared, cone_bands, unit_vector
from publications.starlists.reading import Star

NAMES_AT_ONCE = 500
BANDS_AT_ONCE = 300


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
    keys = {star.line: [target_key(name) for name in star.names] for star in stars}
    found = {line: (target, "name") for line, own in keys.items()
             if (target := next((named[key] for key in own if key in named), None))}  # fmt: skip
    rest = [star for star in stars if star.line not in found and star.ra is not None]
    found |= {line: (target, "position") for line, target in nearest(rest, radius).items()}
    return [Match(star, target, by, apart(star, target)) for star in stars
            for target, by in [found.get(star.line, (None, ""))]]  # fmt: skip


def by_name(stars):
    """``{folded name: target}`` of the names in a list."""
    keys = sorted({target_key(name) for star in stars for name in star.names} - {""})
    targets = {}
    for batch in batches(keys, NAMES_AT_ONCE):
        aliases = TargetAlias.objects.filter(key__in=batch).select_related("target")
        targets |= {alias.key: alias.target for alias in aliases}
    return targets


def nearest(stars, radius):
    """``{line: target}`` for the stars that have a target within ``radius`` arc seconds, the nearest one."""
    chosen = {}
    limit = chord_squared(radius / 3600 + ROUNDING)
    for batch in batches_of_bands(stars, radius):
        zones = zones_of(band for _, bands in batch for band in bands)
        for star, bands in batch:
            centre = unit_vector(star.ra, star.dec)
            found = [
                (sum((a - b) ** 2 for a, b in zip(centre, xyz, strict=True)), key)
                for band in bands
                for zone in range(band.first, band.last + 1)
                for key, ra, *xyz in zones.get(zone, ())
                if band.west <= ra <= band.east
            ]
            chord, key = min(found, default=(math.inf, None))
            if chord <= limit:
                chosen[star.line] = key
    targets = {}
    for keys in batches(sorted(set(chosen.values())), NAMES_AT_ONCE):
        targets |= Target.objects.in_bulk(keys)
    return {line: targets[key] for line, key in chosen.items()}


def batches_of_bands(stars, radius):
    """Lists of (star, bands of the sky around it), each list with about `BANDS_AT_ONCE` bands."""
    batch, size = [], 0
    for star in stars:
        bands = cone_bands(star.ra, star.dec, radius / 3600)
        if batch and size + len(bands) > BANDS_AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append((star, bands))
        size += len(bands)
    if batch:
        yield batch


def zones_of(bands):
    """``{zone: [(key, ra, x, y, z)]}`` of the targets in ``bands``."""
    zones = defaultdict(list)
    for zone, *place in (
        Target.objects.in_bands(list(bands)).order_by().values_list("zone", "pk", "ra", "x", "y", "z")
    ):
        zones[zone].append(place)
    return zones


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
        names = ["line", "given", "problem", "matched_by", "target", "ra", "dec", "distance_arcsec"]
        return [*names, "papers", "first_year", "last_year", *(category.name for category in self.categories)]

    def rows(self):
        """Rows of str, float, int or None under `heading`, in the list's order; bad ones with a problem."""
        answered = ([*self.identification(found), *self.bibliography(found)] for found in self.matches)
        rest = [None] * (len(self.heading) - 3)
        bad = ([line, None, reason, *rest] for line, reason in self.problems)
        return merge(answered, bad, key=itemgetter(0))

    @staticmethod
    def identification(found):
        star, target, by, distance = found
        place = [target.name, target.ra, target.dec] if target else [None, None, None]
        return [star.line, star.given, None, by, *place, None if distance is None else round(distance, 4)]

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
