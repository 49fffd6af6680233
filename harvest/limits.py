"""How often the public may press what costs something."""

from django.core.cache import cache

HOUR = 3600


def over(what, most):
    """Count one more of ``what``; whether there were more than ``most`` within an hour."""
    key = f"limit-{what}"
    cache.add(key, 0, HOUR)
    return cache.incr(key) > most
