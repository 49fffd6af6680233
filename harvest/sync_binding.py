"""Which library at ADS is ours: bound once, by us or by a person; then only its id counts."""

from harvest.ads.errors import AdsResponseError, AdsUnavailable
from harvest.models import SyncPlan
from harvest.sync_diff import Truth
from harvest.sync_writing import keep

MAKING = "the library is being made at ADS"


def bind(client, run, side, library, at_ads, options):
    """Find or make the library at ADS; a reason to wait when a person must say that it is ours.

    That we are about to make one is noted before.
    """
    namesakes = [info for info in at_ads if info.name == library.name]
    making = library.plans.filter(settled=False, reason=MAKING)
    if len(namesakes) == 1 and not namesakes[0].count and making.exists():
        # A run that was stopped made it, and could not note its id.
        attach(library, namesakes[0].ads_id, run, "found as")
        making.delete()
        return None
    if len(namesakes) > 1:
        return f"ADS has {len(namesakes)} libraries of this name: an administrator writes the right one's id"
    if namesakes:
        if not options.adopt:
            return "ADS has a library of this name that is not bound: bind it with --adopt"
        if options.dry_run:
            # For the plan only: it is not saved.
            library.ads_id = namesakes[0].ads_id
        else:
            attach(library, namesakes[0].ads_id, run, "bound to")
        return None
    if side.truth is Truth.THEIRS:
        return "others keep this library: an administrator writes its ADS id"
    if not options.dry_run:
        keep(SyncPlan(library=library, run=run, reason=MAKING, settled=False))
        attach(library, create(client, library), run, "made as")
        making.delete()
    return None


def create(client, library):
    """The id of a new library. After an unknown outcome we look by name: it was not there before."""
    try:
        return client.libraries.create(library.name, library.description, library.public)
    except (AdsUnavailable, AdsResponseError):
        made = [info for info in client.libraries.all() if info.name == library.name and not info.count]
        if len(made) != 1:
            raise
        return made[0].ads_id


def attach(library, ads_id, run, how):
    library.bind(ads_id)
    run.messages.append(f"{library.name}: {how} {ads_id}")
