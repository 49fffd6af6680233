import sys

from harvest.commands import JobCommand
from harvest.consistency import check_consistency
from harvest.models import HarvestRun


class Command(JobCommand):
    help = (
        "Count what each consistency rule finds, and the papers with any finding. Nothing is changed but a "
        "line in the runs. The exit status is 0 whatever is found; --exit-code makes it 1 when something is."
    )

    job = HarvestRun.Job.CONSISTENCY

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--exit-code", action="store_true", help="exit with 1 when something is found")

    def client(self, by):
        """It asks nobody."""

    def run(self, client, by, *, exit_code, **options):
        self.exit_code = exit_code
        return check_consistency(by)

    def summarise(self, run):
        for counted in run.queries:
            self.stdout.write(f"{counted['found']:6}  {counted['rule']}")
        self.stdout.write(f"{run.found} to look at, each counted once")
        if run.found and self.exit_code:
            sys.exit(1)
