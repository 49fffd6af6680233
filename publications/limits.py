"""How often somebody did something, counted in the cache."""

from django.core.cache import cache


def counted(what, seconds):
    """Count one more of ``what``; how many there were within ``seconds`` of the first.

    One step of the cache, so that what happens at the same moment counts too.
    """
    cache.add(what, 0, seconds)
    try:
        return cache.incr(what)
    except ValueError:  # the time ended between the two
        return 1
