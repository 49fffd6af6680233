"""Of how many papers a position is known: told wherever papers are found by position."""

from typing import NamedTuple

from django.core.cache import cache
from django.db import connection

from publications.models import DataState, Paper

KEPT_SECONDS = 24 * 3600


class KnownPositions(NamedTuple):
    """``positioned`` of ``papers`` are linked to a target whose position is known."""

    positioned: int
    papers: int

    def __str__(self):
        return f"positions known for {self.positioned:,} of {self.papers:,} papers"


def known_positions():
    """Counted anew when the data changed."""
    key = f"known-positions:{connection.settings_dict['NAME']}:{DataState.current().number}".replace(" ", "_")
    found = cache.get(key)
    if found is None:
        found = KnownPositions(Paper.objects.with_known_position().count(), Paper.objects.count())
        cache.set(key, found, KEPT_SECONDS)
    return found
