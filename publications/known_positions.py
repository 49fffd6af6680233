"""Of how many papers a position is known: told wherever papers are found by position."""

from typing import NamedTuple

from django.core.cache import cache
from django.db import connection

from publications.models import Paper

KEPT_SECONDS = 60


class KnownPositions(NamedTuple):
    """``positioned`` of ``papers`` are linked to a target whose position is known."""

    positioned: int
    papers: int

    @classmethod
    def now(cls):
        return cls(Paper.objects.with_known_position().count(), Paper.objects.count())

    def __str__(self):
        return f"positions known for {self.positioned:,} of {self.papers:,} papers"


def known_positions():
    """As of a minute ago at most: a cone is found in less time than the papers are counted."""
    key = f"known-positions:{connection.settings_dict['NAME']}".replace(" ", "_")
    return cache.get_or_set(key, KnownPositions.now, KEPT_SECONDS)
