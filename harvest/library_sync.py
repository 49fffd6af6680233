"""Bring the ADS libraries and the database into step: plan, store, write, read back."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from harvest.ads.errors import AdsAuthError, AdsError, AdsRateLimited, AdsResponseError, AdsUnavailable
from harvest.ads.libraries import LibraryMissing
from harvest.jobs import ads_is_local, recorded
from harvest.models import HarvestRun, SyncPlan
from harvest.sync_binding import bind
from harvest.sync_diff import Truth, diff, reason_to_wait
from harvest.sync_picture import Picture, plan_of, sent_before
from harvest.sync_sides import identifiers_of_papers, rows_of, sides
from harvest.sync_writing import carry_out, keep, note_drift, receive, verified
from publications.models import DataState, Library
from publications.undo import CannotUndo
from publications.undo import undo as undo_act

State = SyncPlan.State
MOST_TOLD = 20
# So many libraries out of reach one after the other mean that ADS is.
GIVE_UP_AFTER = 2


class SyncRefused(AdsError):
    """We do not write to this ADS, or not without a person."""


class SyncTrouble(AdsError):
    """Some libraries could not be brought into step; the others were."""


@dataclass
class Options:
    """``only``: names of libraries, None for all. ``consent``: library's id → the plan agreed to."""

    dry_run: bool = False
    adopt: bool = False
    only: frozenset | None = None
    overwrite: frozenset = frozenset()
    consent: dict = field(default_factory=dict)


def sync_libraries(client, by=None, options=None):
    """Bring every library into step. Returns the `HarvestRun`; its ``plans`` say what was done.

    Raises
    ------
    SyncRefused
        On demonstration data, when ADS is the real one; nothing was read or written.
    SyncTrouble
        When a library failed or waits for a person; the others are in step.
    AdsRateLimited, AdsAuthError, AlreadyRunning
    """
    options = options or Options()
    if not options.dry_run:
        refuse_demonstration()
    with recorded(HarvestRun.Job.SYNC, client, by) as run:
        rows = [
            (side, library)
            for side, library in rows_of(sides())
            if options.only is None or library.name in options.only
        ]
        at_ads = client.libraries.all()
        identifiers = identifiers_of_papers()
        rows = without_those_in_step(rows, at_ads, identifiers, run, options)
        if troubled := sync_each(client, run, rows, at_ads, identifiers, options):
            raise SyncTrouble(f"not in step: {', '.join(troubled)}")
    return run


def sync_each(client, run, rows, at_ads, identifiers, options):
    """Names of the libraries that could not be brought into step; the others were."""
    out_of_reach, troubled = 0, []
    for number, (side, library) in enumerate(rows):
        run.progress(f"library {library.name}", number, len(rows))
        try:
            plan = sync_one(client, run, side, library, at_ads, identifiers, options)
            out_of_reach = 0
            if plan is not None and plan.state in (State.WAITING, State.INCOMPLETE):
                run.messages.append(f"{library.name}: {plan.reason}")
        except (AdsAuthError, AdsRateLimited):
            raise
        except AdsError as error:
            run.errors.append(f"{library.name}: {error}")
            troubled.append(library.name)
            out_of_reach += isinstance(error, AdsUnavailable)
            if out_of_reach >= GIVE_UP_AFTER:
                raise
    return troubled


def refuse_demonstration():
    if DataState.current().demonstration and not ads_is_local():
        raise SyncRefused(
            "This database holds demonstration data: it is never written to the real ADS. "
            "Set ADS_API_URL to a stand-in on this machine."
        )


def without_those_in_step(rows, at_ads, identifiers, run, options):
    """The sides that must be looked at: their content changed here or at ADS, or something is left to do."""
    marks = {info.ads_id: info for info in at_ads if info.mark}
    unfinished = SyncPlan.objects.filter(Q(settled=False) | Q(state=State.WAITING))
    unfinished = set(unfinished.values_list("library", flat=True))
    left, in_step = [], []
    for side, library in rows:
        info = marks.get(library.ads_id)
        same_at_ads = info is not None and info.mark == library.in_step_with
        settled = library.pk not in unfinished and not library.name_at_ads
        if same_at_ads and settled and unchanged_here(side, library, identifiers):
            in_step.append(library.pk)
            run.found += info.count
        else:
            left.append((side, library))
    if not options.dry_run:
        Library.objects.filter(pk__in=in_step).update(synced_at=timezone.now())
    return left


def unchanged_here(side, library, identifiers):
    """Whether the database wants what both sides were last known to have."""
    return side.wanted(identifiers).keys() == set(library.entries.values_list("bibcode", flat=True))


def sync_one(client, run, side, library, at_ads, identifiers, options):
    """Plan one library and carry the plan out; None when nothing is to be done."""
    if library.ads_id is None:
        waits = bind(client, run, side, library, at_ads, options)
        if waits:
            return keep(SyncPlan(library=library, run=run, state=State.WAITING, reason=waits))
        if library.ads_id is None:
            return keep(to_be_made(run, side, library, identifiers))
    try:
        picture = Picture(client, side, library, identifiers)
    except LibraryMissing as error:
        raise AdsResponseError(
            "it does not exist at ADS any more, or not for us. Nothing was changed here; "
            "to have it made anew, an administrator clears its ADS id"
        ) from error
    changes = diff(
        side.truth, picture.wanted, picture.present, picture.base, sent_before(library, picture),
        overwrite=library.name in options.overwrite,
    )  # fmt: skip
    refused = side.refused(changes.local_add)
    leave_at_ads(changes, refused, side.truth is Truth.MERGED and library.name in options.overwrite)
    plan = plan_of(changes, picture, library, run, side)
    report_foreign(plan, run, refused)
    if library.name not in options.overwrite:
        note_drift(plan, picture)
    waits = reason_to_wait(changes, picture.wanted, picture.present)
    consented = options.consent.get(library.pk)
    if waits and not covers(consented, plan):
        plan.state, plan.reason = State.WAITING, f"{waits}; plan it again with a person's consent"
        return keep(plan)
    plan.consented_by = consented and consented.consented_by
    if options.dry_run:
        return keep(plan) if plan.changes_something else None
    if not plan.changes_something:
        verified(plan, side, picture)
        return None
    return carry_out(client, plan, side, picture)


def to_be_made(run, side, library, identifiers):
    """The plan of a dry run for a library that ADS lacks; which names ADS knows is not asked."""
    wanted = sorted(side.wanted(identifiers))
    return SyncPlan(library=library, run=run, ads_add=wanted, reason="the library would be made at ADS")


def leave_at_ads(changes, refused, overwrite):
    """What cannot be taken over stays at ADS, until a person lets the database win."""
    changes.local_add -= refused.keys()
    (changes.ads_remove if overwrite else changes.foreign_add).update(refused)


def report_foreign(plan, run, refused):
    for what, bibcodes in (("added", plan.foreign_add), ("removed", plan.foreign_remove)):
        if bibcodes:
            run.messages.append(
                f"{plan.library}: somebody {what} {len(bibcodes)} at ADS ({', '.join(bibcodes[:3])} …); "
                f"it stays until a person lets the database win, on the library's page"
            )
    for bibcode in sorted(refused)[:MOST_TOLD]:
        run.messages.append(f"{plan.library}: {bibcode} is not taken over from ADS: {refused[bibcode]}")


def covers(consented, plan):
    """Whether a person agreed to all the removals of ``plan``."""
    return consented is not None and (
        set(plan.ads_remove) <= set(consented.ads_remove)
        and set(plan.local_remove) <= set(consented.local_remove)
    )


def undo(client, plan, by):
    """Take an applied plan back, on both sides; the revert is a plan of its own."""
    refuse_demonstration()
    if plan.state not in (State.APPLIED, State.INCOMPLETE):
        raise SyncRefused(f"this plan is {plan.get_state_display()}: there is nothing to undo")
    with recorded(HarvestRun.Job.SYNC, client, by) as run:
        side = next(side for side, library in rows_of(sides()) if library.pk == plan.library_id)
        if side.truth is Truth.THEIRS:
            raise SyncRefused(
                "ADS keeps this list and we copy it: change it there, and the next sync follows"
            )
        picture = Picture(client, side, plan.library, identifiers_of_papers())
        stored = {string for strings in picture.strings.values() for string in strings}
        back = SyncPlan(
            library=plan.library,
            run=run,
            reason=f"undoes the plan of {plan.applied_at:%Y-%m-%d %H:%M}",
            ads_add=sorted(set(plan.ads_remove) - stored),
            ads_remove=sorted(set(plan.ads_add) & stored),
            local_add=plan.local_remove,
            local_remove=plan.local_add,
        )
        if side.truth is Truth.OURS:
            # Else the next run would do it again.
            back.foreign_remove = sorted(
                {picture.token(string) for string in back.ads_remove} & picture.wanted
            )
        carry_out(client, back, side, picture, lambda back, side: take_back(plan, back, side, by))
        plan.state = State.UNDONE
        plan.save()
    return back


def take_back(plan, back, side, by):
    """Undo here what a plan wrote: rows come back with all that they held, where that is possible yet."""
    if plan.act:
        try:
            undo_act(plan.act, by)
            return
        except CannotUndo as error:
            back.run.messages.append(f"{plan.library}: {error}; what is taken back lacks its reasons")
    receive(back, side)
