from django.core.management.base import BaseCommand, CommandError

from harvest import demonstration
from publications.models import Paper, TargetLink

HELP = """\
Fill an empty database with the demonstration data: 120 papers with tags and targets, bare papers of JMDC and
COAST, the vocabulary, blocklist, journals, two libraries and 40 candidates. The site then says on every page
that it shows demonstration data. Repeated, it changes nothing. A database with papers of its own is refused.
"""


class Command(BaseCommand):
    help = HELP

    def handle(self, **options):
        try:
            loaded = demonstration.load()
        except demonstration.OwnPapersPresent as error:
            raise CommandError(
                "This database holds papers of its own; the demonstration data needs an empty one. "
                "Set DATABASE_URL (or DATA_DIR) to another database."
            ) from error
        papers, links = Paper.objects.count(), TargetLink.objects.count()
        what = "Demonstration data loaded" if loaded else "The demonstration data is here already"
        self.stdout.write(f"{what}: {papers} papers, {links} links to targets.")
