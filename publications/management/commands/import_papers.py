from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from publications.imports.files import import_papers
from publications.imports.report import ImportRefused

HELP = """\
Import papers from FILE: papers.csv as exported here (.csv), or the predecessor's XML (.xml).

A paper is found by any identifier that it has or had. CSV: the file wins for its columns, an empty
cell clears, a column that is not there leaves its values alone, and so do hidden tags. XML: what an
<e> does not hold stays as it is; categories and tags are made as they are needed.
A bad row is reported with its line and left out; the others are imported, and the exit status is 1.
A damaged file (wrong encoding, broken quotes, unknown column) is refused before anything is written.
The command can be interrupted and repeated: what is in already is left as it is.
"""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser):
        parser.add_argument("file", help="a .csv or .xml file")
        parser.add_argument(
            "--create-categories", action="store_true", help="make unknown categories and tags (CSV)"
        )
        parser.add_argument("--dry-run", action="store_true", help="report what would happen, write nothing")

    def handle(self, *, file, create_categories, dry_run, **options):
        try:
            report = import_papers(
                file,
                create_categories=create_categories,
                dry_run=dry_run,
                progress=lambda rows: tqdm(rows, unit=" papers", disable=None),
            )
        except (ImportRefused, OSError) as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        for line in report.lines():
            self.stderr.write(line)
        summary = f"{'Dry run: ' if dry_run else ''}{report.summary()}"
        if report.refused:
            raise CommandError(f"{summary}. Correct the lines above and import the file again.")
        self.stdout.write(summary)
