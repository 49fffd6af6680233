from django.core.management.base import CommandError

from harvest import discovery, miners
from harvest.commands import JobCommand
from harvest.models import HarvestRun


class Command(JobCommand):
    job = HarvestRun.Job.HARVEST
    help = (
        "Look at ADS for papers that nobody has judged yet, with the active search rules, and make them "
        "candidates. Safe to repeat and to interrupt: nothing is written before everything was read."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--first-year", type=int, help="search from this year on, for this run only")

        parser.add_argument(
            "--miners", action="store_true", help="instead: propose what many papers here cite (bulk calls)"
        )

    def run(self, client, by, **options):
        if options["first_year"] is not None and not 1800 <= options["first_year"] <= 2100:
            raise CommandError("--first-year: a year between 1800 and 2100 is expected")
        if options["miners"]:
            return miners.mine_citations(client, by)
        return discovery.discover(client, by, options["first_year"])
