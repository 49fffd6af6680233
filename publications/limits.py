"""How often somebody did something, counted in the cache."""

import time

from django.core.cache import cache


def counted(what, seconds):
    """Count one more of ``what``: how many there were in the present span of so many ``seconds``.

    One step of the cache, so that what happens at the same moment counts too.
    """
    key = f"counted-{what}-{time.time() // seconds:.0f}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # thrown out between the two
        return 1


def left_of_span(seconds):
    """Seconds until the next span begins."""
    return seconds - time.time() % seconds
