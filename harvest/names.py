"""Names that visitors ask for and no target here has: SIMBAD is asked by a job, for all that wait."""

import logging
import time
from datetime import timedelta

from django.utils import timezone

from harvest.locks import Taken, only_one
from harvest.models import NameLookup
from harvest.simbad import SimbadRefused, SimbadUnavailable
from publications.folding import target_key
from publications.models import TargetAlias

logger = logging.getLogger(__name__)
IN_AN_HOUR = 100
KEPT_FOR = timedelta(days=90)
PAUSE = 0.5  # seconds
Status = NameLookup.Status


def known(name):
    """The lookup of a name that SIMBAD need not be asked for now; None."""
    lookup = NameLookup.objects.filter(key=target_key(name)).first()
    return lookup if lookup and lookup.fresh else None


def ask(name):
    """A lookup that waits for its answer."""
    lookup, made = NameLookup.objects.get_or_create(key=target_key(name), defaults={"name": name})
    if not made:
        lookup.ask_again()
    return lookup


def too_many(now=None):
    """Whether visitors asked for as many names in the last hour as SIMBAD's patience allows."""
    since = (now or timezone.now()) - timedelta(hours=1)
    return NameLookup.objects.filter(asked_at__gt=since).count() >= IN_AN_HOUR


def answer_waiting(simbad):
    """Answer every lookup that waits, here or in the process that does so already; returns how many here.

    Raises
    ------
    SimbadUnavailable
        All that wait are told, each in its row.
    """
    answered = 0
    while NameLookup.objects.waiting().exists():
        try:
            with only_one("resolve-names"):
                for lookup in NameLookup.objects.waiting():
                    answer(simbad, lookup)
                    answered += 1
        except Taken:
            # The holder may have looked for the last time just before ours was asked.
            time.sleep(PAUSE)
    NameLookup.objects.filter(asked_at__lt=timezone.now() - KEPT_FOR).delete()
    return answered


def answer(simbad, lookup):
    try:
        found = simbad.identify(lookup.name)
    except SimbadRefused as error:
        logger.error("%s: %s", lookup.name, error)
        lookup.finish(Status.FAILED)
    except SimbadUnavailable:
        NameLookup.objects.waiting().update(status=Status.FAILED)
        raise
    else:
        if found:
            object, names = found
            lookup.is_object(object, target_named([object.name, *names]))
        lookup.finish(Status.FOUND if found else Status.UNKNOWN)


def target_named(names):
    keys = {target_key(name) for name in names} - {""}
    alias = TargetAlias.objects.filter(key__in=keys).select_related("target").order_by("target_id").first()
    return alias and alias.target
