"""A file of papers → the database."""

from contextlib import nullcontext
from pathlib import Path

from django.db import transaction

from publications.imports.csv_rows import PapersCsv
from publications.imports.papers import BATCH, PaperWriter
from publications.imports.report import ImportRefused, Report
from publications.imports.vocabulary import Vocabulary
from publications.imports.xml_rows import PapersXml
from publications.models.identifier import hold_the_door

FORMATS = {".csv": PapersCsv, ".xml": PapersXml}


def import_papers(path, *, create_categories=False, dry_run=False, progress=iter):
    """Import a `.csv` or `.xml` file; returns the `Report`.

    The file is read twice: a file that is damaged as a whole changes nothing. ``progress`` is
    put around the rows.

    Raises
    ------
    ImportRefused
        With the line and the reason, before anything was written.
    """
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise ImportRefused(f"{path.name}: the name must end in .csv or .xml")
    papers = FORMATS[path.suffix.lower()](path)
    with transaction.atomic() if dry_run else nullcontext():
        report = Report()
        vocabulary = vocabulary_of(papers, create_categories, report)
        writer = PaperWriter(
            vocabulary, report, reason=f"import of {path.name}"[:100], date_new=papers.new_papers_are_dated
        )
        for rows in batches(progress(papers.rows(report)), BATCH):
            writer.write(rows)
        if dry_run:
            transaction.set_rollback(True)
    return report


def vocabulary_of(papers, create_categories, report):
    """The vocabulary with all that the file names; another import that makes the same waits."""
    wanted = papers.check(create_categories)
    with transaction.atomic():
        hold_the_door()
        vocabulary = Vocabulary()
        vocabulary.add(wanted, report)
        vocabulary.require(papers.categories)
    return vocabulary


def batches(rows, size):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
