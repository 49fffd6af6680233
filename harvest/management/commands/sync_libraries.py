from django.core.management.base import CommandError

from harvest import library_sync
from harvest.commands import JobCommand
from harvest.library_sync import Options, sync_libraries
from harvest.models import HarvestRun, SyncPlan
from publications.models import Library


class Command(JobCommand):
    job = HarvestRun.Job.SYNC
    help = (
        "Bring our ADS libraries and the database into step. Mass removals and libraries that exist at ADS "
        "under a name of ours wait for a person. Safe to repeat and to interrupt."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="print the plan, write nothing")
        parser.add_argument(
            "--adopt", action="store_true", help="bind libraries that ADS has under the names of ours, once"
        )
        parser.add_argument(
            "--only", action="append", metavar="LIBRARY", help="this library only; repeatable"
        )
        parser.add_argument(
            "--overwrite",
            action="append",
            default=[],
            metavar="LIBRARY",
            help="take back what somebody changed in it at ADS (needs --by)",
        )
        parser.add_argument(
            "--consent", type=int, metavar="PLAN", help="agree to the removals of a waiting plan (needs --by)"
        )

        parser.add_argument("--undo", type=int, metavar="PLAN", help="take an applied plan back (needs --by)")

    def run(self, client, by, *, dry_run, adopt, only, overwrite, consent, undo, **options):
        if by is None and (overwrite or consent or undo):
            raise CommandError("--overwrite, --consent and --undo need --by USERNAME: a person answers")
        if undo is not None:
            return self.undo(client, by, undo)
        for name in [*(only or []), *overwrite]:
            if not Library.objects.filter(name=name).exists():
                raise CommandError(f"there is no library {name!r} here")
        agreed = self.agreed(consent, by)
        wanted = Options(dry_run, adopt, only and frozenset(only), frozenset(overwrite), agreed)
        run = sync_libraries(client, by, wanted)
        for plan in run.plans.select_related("library").order_by("pk"):
            self.describe(plan, in_full=dry_run)
        return run

    def undo(self, client, by, number):
        plan = SyncPlan.objects.filter(pk=number).first()
        if plan is None:
            raise CommandError(f"--undo: there is no plan {number}")
        back = library_sync.undo(client, plan, by)
        self.describe(back)
        return back.run

    def agreed(self, number, by):
        """Library's id → the waiting plan that a person agrees to."""
        if number is None:
            return {}
        plan = SyncPlan.objects.filter(pk=number, state=SyncPlan.State.WAITING).first()
        if plan is None:
            raise CommandError(f"--consent: no plan {number} waits")
        plan.consented_by = by
        plan.save()
        return {plan.library_id: plan}

    def describe(self, plan, in_full=False):
        parts = [
            ("at ADS +", plan.ads_add), ("at ADS −", plan.ads_remove), ("here +", plan.local_add),
            ("here −", plan.local_remove), ("not known to ADS:", plan.unknown),
        ]  # fmt: skip
        counts = ", ".join(f"{sign} {len(bibcodes)}" for sign, bibcodes in parts if bibcodes)
        line = f"plan {plan.pk}: {plan.library} ({plan.get_state_display()}) {counts} {plan.reason}"
        line += f"renamed to {plan.rename}" if plan.rename else ""
        self.stdout.write(" ".join(line.split()))
        for sign, bibcode in ((sign, bibcode) for sign, bibcodes in parts for bibcode in bibcodes if in_full):
            self.stdout.write(f"  {sign} {bibcode}")
