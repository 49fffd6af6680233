from harvest.commands import JobCommand
from harvest.models import HarvestRun
from harvest.recheck import recheck_tags


class Command(JobCommand):
    job = HarvestRun.Job.RECHECK
    help = (
        "Replay every search rule on the papers that were not checked against it. A paper that has the "
        "rule's tag is marked as checked; those that miss it are listed for a curator. Safe to repeat."
    )

    def run(self, client, by, **options):
        return recheck_tags(client, by)
