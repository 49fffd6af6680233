from django.core.management.base import CommandError

from harvest.commands import JobCommand
from harvest.discovery import try_rule
from harvest.models import HarvestRun, SearchRule


class Command(JobCommand):
    job = HarvestRun.Job.TRY
    help = "See what a search rule finds, storing nothing but the run."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("name", help="the rule's name")

    def run(self, client, by, *, name, **options):
        rule = SearchRule.objects.filter(name=name).first()
        if rule is None:
            raise CommandError(f"there is no search rule {name!r}")
        return try_rule(client, rule, by)
