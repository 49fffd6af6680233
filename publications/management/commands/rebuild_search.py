"""Index all papers anew, and their order by title: after a release that folds otherwise, or bulk SQL."""

import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from publications.models import KnownWord, Paper
from publications.models.search_text import BATCH, reindex


class Command(BaseCommand):
    help = (
        "Index the text of all papers anew for the search, and their order by title. "
        "Needed after bulk changes by SQL, and when CHANGELOG.md says so. "
        "Safe to repeat and to interrupt: the search works all the time."
    )

    def handle(self, **options):
        KnownWord.objects.all().delete()
        papers = list(Paper.objects.order_by("pk").values_list("pk", flat=True))
        with tqdm(total=len(papers), unit=" papers", disable=not sys.stderr.isatty()) as bar:
            for start in range(0, len(papers), BATCH):
                some = papers[start : start + BATCH]
                sort_anew(some)
                reindex(some)
                bar.update(len(some))
        self.stdout.write(f"{len(papers)} papers indexed")


def sort_anew(keys):
    changed = []
    for paper in Paper.objects.filter(pk__in=keys).only("title", "year", "pubdate", "sort_title"):
        before = paper.sort_title
        paper.derive()
        if paper.sort_title != before:
            changed.append(paper)
    Paper.objects.bulk_update(changed, ["sort_title"])
