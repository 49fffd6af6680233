from django.core.management.base import CommandError

from harvest.adding import add_papers
from harvest.commands import JobCommand
from harvest.models import HarvestRun, PastedList


class Command(JobCommand):
    job = HarvestRun.Job.ADD
    help = (
        "Ask ADS for the papers of a list that a curator pasted under “Add by hand”, and make those that "
        "are new candidates. The page starts it; safe to repeat."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("list", type=int, help="the list's number, as in its page's address")

    def run(self, client, by, *, list, **options):
        pasted = PastedList.objects.filter(pk=list).first()
        if pasted is None:
            raise CommandError(f"there is no pasted list {list}")
        return add_papers(client, pasted, by)
