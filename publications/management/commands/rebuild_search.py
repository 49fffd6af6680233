"""Index all papers anew: after a release that folds text differently, or after bulk SQL."""

import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from publications.models import KnownWord, Paper
from publications.models.search_text import BATCH, reindex


class Command(BaseCommand):
    help = (
        "Index the text of all papers anew for the search. Needed after bulk changes by SQL only. "
        "Safe to repeat and to interrupt: the search works all the time."
    )

    def handle(self, **options):
        KnownWord.objects.all().delete()
        papers = list(Paper.objects.order_by("pk").values_list("pk", flat=True))
        with tqdm(total=len(papers), unit=" papers", disable=not sys.stderr.isatty()) as bar:
            for start in range(0, len(papers), BATCH):
                reindex(papers[start : start + BATCH])
                bar.update(len(papers[start : start + BATCH]))
        self.stdout.write(f"{len(papers)} papers indexed")
