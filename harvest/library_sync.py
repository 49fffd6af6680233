"""Bring the ADS libraries and the database into step: plan, store, write, read back.

A plan is a diff of sets. Strings of ADS and bibcodes of ours are compared as *tokens*: our bibcode where one
of our identifiers says that they are the same paper, else ADS's present bibcode.
"""

import logging
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from harvest.ads.errors import AdsAuthError, AdsError, AdsRateLimited, AdsResponseError, AdsUnavailable
from harvest.ads.libraries import LibraryMissing
from harvest.jobs import ads_is_local, recorded
from harvest.known import keys_of
from harvest.models import HarvestRun, SyncPlan
from harvest.sync_diff import Sent, Truth, diff, reason_to_wait
from harvest.sync_sides import identifiers_of_papers, rows_of, sides
from publications.models import DataState, LibraryEntry

logger = logging.getLogger(__name__)
State = SyncPlan.State
ROUNDS = 2
MAKING = "the library is being made at ADS"
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


class Picture:
    """A library's two sides, complete, in tokens.

    ``strings``: token → the strings that ADS stores for it.
    """

    def __init__(self, client, side, library, identifiers):
        self.wanted_strings = side.wanted(identifiers)
        self.info, stored = client.libraries.read(library.ads_id)
        base = set(library.entries.values_list("bibcode", flat=True))
        self.tokens = self.names(self.wanted_strings)
        unlike = (stored ^ set(self.wanted_strings)) | (base - stored)
        self.present_at_ads = client.present_bibcodes(unlike)
        for wanted in self.wanted_strings:
            if wanted in self.present_at_ads:
                self.tokens.setdefault(*keys_of([self.present_at_ads[wanted]]), wanted)
        self.wanted = set(self.wanted_strings)
        self.base = {self.token(string) for string in base}
        self.see(stored)

    @staticmethod
    def names(wanted):
        """Key of each identifier → our bibcode."""
        tokens = {key: bibcode for bibcode, names in wanted.items() for key in keys_of(names)}
        return tokens | {keys_of([bibcode])[0]: bibcode for bibcode in wanted}

    def token(self, string):
        for name in (string, self.present_at_ads.get(string, string)):
            if (key := keys_of([name])[0]) in self.tokens:
                return self.tokens[key]
        return self.present_at_ads.get(string, string)

    def see(self, stored):
        self.strings = {}
        for string in sorted(stored):
            self.strings.setdefault(self.token(string), []).append(string)
        self.present = set(self.strings)

    def canonical(self, token):
        """The string to send to ADS for a token, or None when ADS does not know it."""
        if token in self.strings and token in self.strings[token]:
            return token
        return self.present_at_ads.get(token)


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
        at_ads = client.libraries.all() if any(library.ads_id is None for _, library in rows) else []
        identifiers = identifiers_of_papers()
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
        if troubled:
            raise SyncTrouble(f"not in step: {', '.join(troubled)}")
    return run


def refuse_demonstration():
    if DataState.current().demonstration and not ads_is_local():
        raise SyncRefused(
            "This database holds demonstration data: it is never written to the real ADS. "
            "Set ADS_API_URL to a stand-in on this machine."
        )


def sync_one(client, run, side, library, at_ads, identifiers, options):
    """Plan one library and carry the plan out; None when nothing is to be done."""
    if library.ads_id is None:
        waits = bind(client, run, side, library, at_ads, options)
        if waits:
            return keep(SyncPlan(library=library, run=run, state=State.WAITING, reason=waits))
        if library.ads_id is None:
            return None
    try:
        picture = Picture(client, side, library, identifiers)
    except LibraryMissing as error:
        raise AdsResponseError(
            "it does not exist at ADS any more, or not for us. Nothing was changed here; "
            "to make it anew, clear its ADS id in the admin"
        ) from error
    changes = diff(
        side.truth, picture.wanted, picture.present, picture.base, sent_before(library, picture),
        overwrite=library.name in options.overwrite,
    )  # fmt: skip
    plan = plan_of(changes, picture, library, run, side)
    report_foreign(plan, run)
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
        return f"ADS has {len(namesakes)} libraries of this name: write the id of the right one in the admin"
    if namesakes:
        if not options.adopt:
            return "ADS has a library of this name that is not bound: bind it with --adopt"
        if not options.dry_run:
            attach(library, namesakes[0].ads_id, run, "bound to")
        return None
    if side.truth is Truth.THEIRS:
        return "others keep this library: write its ADS id in the admin"
    if not options.dry_run:
        keep(SyncPlan(library=library, run=run, reason=MAKING, settled=False))
        attach(library, create(client, library), run, "made as")
        making.delete()
    else:
        run.messages.append(f"{library.name}: would be made at ADS")
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
    library.ads_id = ads_id
    library.save(update_fields=["ads_id"])
    run.messages.append(f"{library.name}: {how} {ads_id}")


def sent_before(library, picture):
    """What plans that nobody has verified may have written."""
    added, removed = set(), set()
    for plan in library.plans.filter(settled=False):
        added |= {picture.token(string) for string in plan.ads_add}
        removed |= {picture.token(string) for string in plan.ads_remove}
    return Sent(frozenset(added), frozenset(removed))


def plan_of(changes, picture, library, run, side):
    """The `SyncPlan` of a `Diff`: tokens become the strings that ADS stores or understands."""
    sendable = {token: picture.canonical(token) for token in changes.ads_add}
    plan = SyncPlan(
        library=library,
        run=run,
        ads_add=sorted({string for string in sendable.values() if string}),
        ads_remove=sorted(string for token in changes.ads_remove for string in picture.strings[token]),
        local_add=sorted(changes.local_add),
        local_remove=sorted(changes.local_remove),
        foreign_add=sorted(changes.foreign_add),
        foreign_remove=sorted(token for token in changes.foreign_remove if picture.canonical(token)),
        unknown=sorted(token for token, string in sendable.items() if not string),
    )
    if side.truth is not Truth.THEIRS:
        replace_old_names(plan, picture, changes)
    return plan


def replace_old_names(plan, picture, changes):
    """A paper that stands under an old bibcode gets its present one, when that is ours too."""
    for token in picture.wanted & picture.present:
        strings = picture.strings[token]
        if token not in strings and picture.present_at_ads.get(token) == token:
            plan.ads_add.append(token)
            plan.ads_remove += strings
        elif len(strings) > 1:
            plan.ads_remove += [string for string in strings if string != best(strings, token)]


def best(strings, token):
    return token if token in strings else strings[-1]


def report_foreign(plan, run):
    for what, bibcodes in (("added", plan.foreign_add), ("removed", plan.foreign_remove)):
        if bibcodes:
            run.messages.append(
                f"{plan.library}: somebody {what} {len(bibcodes)} at ADS ({', '.join(bibcodes[:3])} …); "
                f"it stays until --overwrite {plan.library}"
            )


def covers(consented, plan):
    """Whether a person agreed to all the removals of ``plan``."""
    return consented is not None and (
        set(plan.ads_remove) <= set(consented.ads_remove)
        and set(plan.local_remove) <= set(consented.local_remove)
    )


def keep(plan):
    if plan.state == State.WAITING:
        plan.library.plans.filter(state=State.WAITING).delete()
    plan.save()
    return plan


def carry_out(client, plan, side, picture):
    """Write at ADS, read back, then write here; what ADS did not take is said."""
    plan.settled = False
    plan.save()
    library = plan.library
    try:
        for _ in range(ROUNDS):
            add, remove = left_to_do(plan, picture)
            if not add and not remove:
                break
            client.libraries.add(library.ads_id, add)
            client.libraries.remove(library.ads_id, remove)
            picture.see(client.libraries.read(library.ads_id)[1])
    except AdsError as error:
        plan.state, plan.reason = State.FAILED, str(error)
        plan.save()
        raise
    add, remove = left_to_do(plan, picture)
    plan.state = State.INCOMPLETE if add or remove else State.APPLIED
    if plan.state == State.INCOMPLETE:
        plan.reason = f"ADS did not add {sorted(add)} and did not remove {sorted(remove)}"
    verified(plan, side, picture)
    return plan


def left_to_do(plan, picture):
    stored = {string for strings in picture.strings.values() for string in strings}
    return set(plan.ads_add) - stored, set(plan.ads_remove) & stored


@transaction.atomic
def verified(plan, side, picture):
    """Both sides are known now: write what came from ADS, and remember what they have in common."""
    library, run = plan.library, plan.run
    side.receive(library, plan.local_add, plan.local_remove, run.messages)
    if side.truth is Truth.THEIRS:
        common = picture.present
    else:
        # What somebody removed at ADS stays in the base: it is reported until a person decides.
        wanted = (picture.wanted | set(plan.local_add)) - set(plan.local_remove)
        common = (picture.present & wanted) | set(plan.foreign_remove)
    remember(library, common)
    library.synced_at = timezone.now()
    library.save(update_fields=["synced_at"])
    library.plans.filter(settled=False).update(settled=True)
    library.plans.filter(state=State.WAITING).delete()
    if plan.changes_something:
        plan.settled, plan.applied_at = True, timezone.now()
        plan.save()
        run.changed += sum(map(len, (plan.ads_add, plan.ads_remove, plan.local_add, plan.local_remove)))
    run.found += len(picture.present)


def remember(library, bibcodes):
    """Make the library's entries these; no write when they are these already."""
    held = set(library.entries.values_list("bibcode", flat=True))
    library.entries.filter(bibcode__in=held - bibcodes).delete()
    LibraryEntry.objects.bulk_create(
        [LibraryEntry(library=library, bibcode=bibcode) for bibcode in sorted(bibcodes - held)]
    )


def undo(client, plan, by):
    """Take an applied plan back, on both sides; the revert is a plan of its own."""
    refuse_demonstration()
    if plan.state not in (State.APPLIED, State.INCOMPLETE):
        raise SyncRefused(f"this plan is {plan.get_state_display()}: there is nothing to undo")
    with recorded(HarvestRun.Job.SYNC, client, by) as run:
        side = next(side for side, library in rows_of(sides()) if library.pk == plan.library_id)
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
        carry_out(client, back, side, picture)
        plan.state = State.UNDONE
        plan.save()
    return back
