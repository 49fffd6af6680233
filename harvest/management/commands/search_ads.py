from django.core.management.base import CommandError

from harvest.commands import JobCommand
from harvest.models import AdsSearch, HarvestRun
from harvest.vocabulary.searching import search_ads


class Command(JobCommand):
    job = HarvestRun.Job.SEARCH
    help = (
        "Ask ADS which papers here a query finds that a curator gave to narrow the grid of tags. "
        "The page starts it; safe to repeat."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("search", type=int, help="the search's number, as in the grid's address")

    def run(self, client, by, *, search, **options):
        asked = AdsSearch.objects.filter(pk=search).first()
        if asked is None:
            raise CommandError(f"there is no search {search}")
        return search_ads(client, asked, by)
