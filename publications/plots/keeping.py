"""Figures and tables are kept in the cache, by what was asked and by the state of the data."""

import hashlib

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from publications.models import DataState
from publications.models.tag import sees_hidden_tags

KEPT_SECONDS = 24 * 3600


def kept(asked, user, make):
    """What ``make()`` gives, from the cache where ``asked`` (anything with a repr) was answered before.

    The day is part of it, because figures name it; so is whether ``user`` sees hidden tags.
    """
    seen = (DataState.current().number, timezone.now().date(), sees_hidden_tags(user))
    address = repr((connection.settings_dict["NAME"], asked, seen))
    key = "plots:" + hashlib.sha256(address.encode()).hexdigest()
    found = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, KEPT_SECONDS)
    return found
