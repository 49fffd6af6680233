"""What a person asks of an ADS library: looked at first, then done by the job that syncs."""

from django.db import transaction

from harvest.models import HarvestRun, SyncPlan
from harvest.start import start
from publications.models import Library

State = SyncPlan.State


class CannotAsk(Exception):
    """Somebody was first, or it is not to be asked any more; ``run`` is the run in the way, if any."""

    def __init__(self, message, run=None):
        super().__init__(message)
        self.run = run


def consent(plan_id, by):
    """Agree to what a waiting plan removes. Returns the run that carries it out.

    Raises
    ------
    CannotAsk
    """
    with transaction.atomic():
        plan = locked(plan_id, State.WAITING)
        refuse_while_syncing(
            f"{plan.consented_by} agreed to this plan already"
            if plan.consented_by
            else "Nothing was agreed to"
        )
        plan.consented_by = by
        plan.save(update_fields=["consented_by"])
        arguments = ["--consent", plan.pk, "--only", plan.library.name]
        if set(plan.ads_remove) & set(plan.library.foreign_add):
            # The plan lets the database win; so must the one that is made anew and compared with it.
            arguments += ["--overwrite", plan.library.name]
        return start("sync_libraries", *arguments, by=by)


def undo(plan_id, by):
    """Take an applied plan back."""
    with transaction.atomic():
        plan = locked(plan_id, State.APPLIED, State.INCOMPLETE)
        refuse_while_syncing("Nothing was undone")
        return start("sync_libraries", "--undo", plan.pk, by=by)


def overwrite(library, by):
    """Let the database win: take back what somebody changed at ADS."""
    return ask(library, by, "--overwrite", library.name)


def adopt(library, by):
    """Bind the library to the one that ADS has under its name."""
    return ask(library, by, "--adopt")


def plan(library, by):
    """Plan it without writing anything."""
    return ask(library, by, "--dry-run")


def ask(library, by, *arguments):
    with transaction.atomic():
        Library.objects.select_for_update().get(pk=library.pk)
        refuse_while_syncing("Nothing was started")
        return start("sync_libraries", "--only", library.name, *arguments, by=by)


def locked(plan_id, *states):
    plan = (
        SyncPlan.objects.select_for_update(of=("self",)).select_related("library").filter(pk=plan_id).first()
    )
    if plan is None:
        raise CannotAsk("This plan is there no more: the library was planned anew. Look at the present one.")
    if plan.state not in states:
        raise CannotAsk(f"This is not to be done with a plan whose state is “{plan.get_state_display()}”.")
    return plan


def refuse_while_syncing(what):
    run = HarvestRun.alive(HarvestRun.Job.SYNC)
    if run:
        whom = f" for {run.by}" if run.by else ""
        raise CannotAsk(
            f"{what}: the libraries are being synced at the moment{whom}. Wait until that is done.", run
        )
