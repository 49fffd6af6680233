from harvest.commands import JobCommand
from harvest.models import HarvestRun
from harvest.refresh import refresh_papers, refresh_recent


class Command(JobCommand):
    job = HarvestRun.Job.REFRESH
    help = (
        "Read the metadata and citation counts of papers anew from ADS, in bulk; follow changed bibcodes, "
        "fill bare papers, flag papers to merge and papers that ADS does not know any more. Safe to repeat."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--recent", action="store_true", help="only recent and bare papers")

    def run(self, client, by, *, recent, **options):
        return refresh_recent(client, by) if recent else refresh_papers(client, by)
