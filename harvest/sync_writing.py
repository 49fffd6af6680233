"""Carry a plan out: write at ADS, read back, write here, remember what both sides have in common."""

from django.db import transaction
from django.utils import timezone

from harvest.ads.errors import AdsError, AdsResponseError
from harvest.models import SyncPlan
from harvest.sync_diff import Truth
from publications import bibcode as bibcodes
from publications.models import LibraryEntry
from publications.models.history import act

State = SyncPlan.State
ROUNDS = 2
TAKEN = 409


def keep(plan):
    if plan.state == State.WAITING:
        plan.library.plans.filter(state=State.WAITING).delete()
    plan.save()
    return plan


def carry_out(client, plan, side, picture, write_here=None):
    """Write at ADS, read back, then write here; what ADS did not take is said.

    ``write_here``: does that instead of `receive`.
    """
    plan.settled = False
    plan.save()
    library, renamed = plan.library, plan.rename
    try:
        for _ in range(ROUNDS):
            add, remove = left_to_do(plan, picture)
            if not add and not remove:
                break
            client.libraries.add(library.ads_id, add)
            client.libraries.remove(library.ads_id, remove)
            picture.look_again(client)
        if plan.rename:
            rename(client, plan)
            picture.look_again(client)
    except AdsError as error:
        plan.state, plan.reason = State.FAILED, str(error)
        plan.save()
        raise
    add, remove = left_to_do(plan, picture)
    plan.state = State.INCOMPLETE if add or remove else State.APPLIED
    if plan.state == State.INCOMPLETE:
        plan.reason = f"ADS did not add {sorted(add)} and did not remove {sorted(remove)}"
    verified(plan, side, picture, write_here)
    if renamed and not plan.changes_something:
        # It was of nothing but a name that is taken, and would stand there anew each night.
        plan.delete()
    return plan


def rename(client, plan):
    """Call the library at ADS as it is called here. A name that is taken there is told, and tried again."""
    library = plan.library
    try:
        client.libraries.rename(library.ads_id, plan.rename, library.description)
    except AdsResponseError as error:
        if error.status != TAKEN:
            raise
        plan.run.messages.append(
            f"{library}: ADS has another library of this name; rename or delete it there"
        )
        plan.rename = ""


def left_to_do(plan, picture):
    stored = {string for strings in picture.strings.values() for string in strings}
    return set(plan.ads_add) - stored, set(plan.ads_remove) & stored


@transaction.atomic
def verified(plan, side, picture, write_here=None):
    """Both sides are known now: write what came from ADS, and remember what they have in common."""
    library, run = plan.library, plan.run
    (write_here or receive)(plan, side)
    wanted = (picture.wanted | set(plan.local_add)) - set(plan.local_remove)
    common = in_common(plan, picture, wanted)
    remember(library, common)
    library.synced_at = timezone.now()
    if library.name_at_ads != picture.info.name:
        library.name_at_ads = ""
    library.in_step_with = picture.info.mark if picture.present == wanted == common else ""
    library.save(update_fields=["synced_at", "in_step_with", "name_at_ads"])
    note_drift(plan, picture)
    library.plans.filter(settled=False).update(settled=True)
    library.plans.filter(state=State.WAITING).delete()
    if plan.changes_something:
        plan.settled, plan.applied_at = True, timezone.now()
        plan.save()
        run.changed += sum(map(len, (plan.ads_add, plan.ads_remove, plan.local_add, plan.local_remove)))
        run.changed += bool(plan.rename)
    run.found += picture.info.count


def receive(plan, side):
    """Write here what came from ADS, as one act of the history."""
    # Somebody may have made a paper of it since it was planned.
    plan.local_add = sorted(set(plan.local_add) - side.refused(plan.local_add).keys())
    if side.truth is Truth.MERGED and (plan.local_add or plan.local_remove):
        with act(f"took over what ADS has in {plan.library}", plan.consented_by) as plan.act:
            side.receive(plan.library, plan.local_add, plan.local_remove, plan.run.messages)


def in_common(plan, picture, wanted):
    """The base of the next sync: what both sides have, and what one side changed that the other has not
    followed yet. Without that, the next sync would take it for the other side's change.
    """
    tokens = map(picture.token, plan.ads_remove)
    to_remove = {token for token in tokens if bibcodes.is_bibcode(token)} | set(plan.local_remove)
    gone_meanwhile = (picture.planned & wanted) - picture.present - to_remove
    # What somebody removed at ADS is reported until a person decides.
    return (picture.present & (wanted | to_remove)) | gone_meanwhile | set(plan.foreign_remove)


def note_drift(plan, picture):
    """What ADS holds, and what somebody changed there, for people to see."""
    library = plan.library
    library.held = picture.info.count
    library.foreign_add, library.foreign_remove = plan.foreign_add, plan.foreign_remove
    library.save(update_fields=["held", "foreign_add", "foreign_remove"])


def remember(library, bibcodes):
    """Make the library's entries these; no write when they are these already."""
    held = set(library.entries.values_list("bibcode", flat=True))
    library.entries.filter(bibcode__in=held - bibcodes).delete()
    LibraryEntry.objects.bulk_create(
        [LibraryEntry(library=library, bibcode=bibcode) for bibcode in sorted(bibcodes - held)]
    )
