"""A query to ADS that narrows the grid: which of our papers it finds."""

from django.db import transaction
from django.utils import timezone

from harvest.ads.client import MOST_ROWS, chunks
from harvest.jobs import recorded
from harvest.models import HarvestRun
from publications.models import Identifier, Paper


def search_ads(client, search, by=None):
    """Ask ADS which papers here the query of an `AdsSearch` finds. Returns the `HarvestRun`.

    Only papers that are here are asked about, 2,000 in a call: the whole answer comes, or none.

    Raises
    ------
    AdsError, AlreadyRunning
        The search waits on then, without a result.
    """
    with recorded(HarvestRun.Job.SEARCH, client, by) as run:
        bibcodes = sorted(Paper.objects.values_list("bibcode", flat=True))
        found, parts = set(), chunks(bibcodes, MOST_ROWS)
        for number, part in enumerate(parts):
            run.progress("asking ADS which papers here match", number, len(parts))
            for record in client.look_up(part, "bibcode,identifier", f"({search.query})"):
                found |= {Identifier.key_of(name) for name in record.identifiers}
        with transaction.atomic():
            papers = Identifier.objects.filter(key__in=found).values_list("paper", flat=True)
            search.papers.set(papers)
            search.answered_at = timezone.now()
            search.save(update_fields=["answered_at"])
        run.found = search.papers.count()
        run.queries = [{"query": search.query, "found": run.found}]
    return run
