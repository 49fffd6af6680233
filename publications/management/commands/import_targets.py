from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from publications.imports.report import ImportRefused
from publications.imports.targets import import_targets
from publications.models import TargetLink

HELP = """\
Import targets and link them to their papers from FILE.csv with the columns bibcode, name, ra, dec, otype
(degrees, ICRS, J2000.0; ra and dec may both be empty). A file that has a column method too is JMDC's: its
links are of the kind measured. A target is found by any of its names; a position that differs by more than
5 arc seconds from the known one is reported and not taken over. A link is never made weaker (curated,
measured, named, listed). Rows of papers that are not here are counted. Safe to repeat and to interrupt.
"""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser):
        parser.add_argument("file", help="a .csv file")
        parser.add_argument(
            "--kind", choices=TargetLink.Kind.values, default="curated", help="kind of the links (curated)"
        )

    def handle(self, *, file, kind, **options):
        try:
            report = import_targets(
                file, kind=kind, progress=lambda rows: tqdm(rows, unit=" links", disable=None)
            )
        except (ImportRefused, OSError) as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        for line in report.lines():
            self.stderr.write(line)
        if report.refused:
            raise CommandError(f"{report.summary()}. Correct the lines above and import the file again.")
        self.stdout.write(report.summary())
