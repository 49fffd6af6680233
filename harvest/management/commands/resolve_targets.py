from django.core.management import CommandError

from harvest.commands import JobCommand
from harvest.models import HarvestRun
from harvest.simbad import Simbad, SimbadError
from harvest.targets import papers_to_ask, resolve_targets
from publications.known_positions import KnownPositions
from publications.models import Paper

HELP = """\
Ask SIMBAD which objects our papers are about, and link their targets: names, positions, proper motions,
mentions. Asked for are papers never asked for, and those asked for more than 90 days ago; --paper asks for
given ones now. Links of JMDC and of curators stay as they are, links that a curator removed do not come
back. A run that stopped goes on where it was. SIMBAD's address is SIMBAD_TAP_URL.
"""


class Command(JobCommand):
    job = HarvestRun.Job.TARGETS
    help = HELP
    service = "SIMBAD"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--paper", action="append", default=[], metavar="BIBCODE", help="only this one; can be repeated"
        )
        parser.add_argument("--limit", type=int, metavar="N", help="at most so many papers")

    def client(self, by):
        return Simbad.from_settings()

    def run(self, client, by, *, paper, limit, **options):
        papers = papers_to_ask()
        if paper:
            papers = Paper.objects.filter(identifiers__value__in=paper).order_by("pk").distinct()
            if not papers:
                raise CommandError(f"no paper here has the bibcode {' or '.join(paper)}")
        keys = list(papers.values_list("pk", flat=True)[:limit])
        try:
            run = resolve_targets(client, by, keys)
        except SimbadError as error:
            raise CommandError(f"{error}. What was read is kept; run the command again to go on.") from error
        self.stdout.write(f"{run.found} papers read; {KnownPositions.now()}")
        return run
