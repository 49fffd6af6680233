from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from harvest.imports import import_blocklist
from publications.imports.report import ImportRefused

HELP = """\
Import papers to keep out from FILE: CSV with the columns bibcode, reason, note (the last two may lack), or
the predecessor's XML, <group><description/><bibcode/>...</group>, whose description becomes the note.
Reasons: not-interferometry, only-cites, duplicate, not-refereed, uncurated. A bibcode that is blocked
already keeps its reason and note, unless there were none. A bad line (in XML: a bad bibcode, counted from
the first) is reported and left out, and the exit status is 1. Safe to repeat and to interrupt.
"""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser):
        parser.add_argument("file", help="a .csv or .xml file")

    def handle(self, *, file, **options):
        try:
            report = import_blocklist(file, progress=lambda rows: tqdm(rows, unit=" bibcodes", disable=None))
        except (ImportRefused, OSError) as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        for line in report.lines():
            self.stderr.write(line)
        if report.refused:
            raise CommandError(f"{report.summary()}. Correct the lines above and import the file again.")
        self.stdout.write(report.summary())
