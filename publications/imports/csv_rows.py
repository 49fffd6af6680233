"""papers.csv, as exported here or made by hand → rows for the writer."""

from publications.imports import values
from publications.imports.report import BadRow, ImportRefused
from publications.imports.row import PaperRow
from publications.imports.table import Table
from publications.imports.vocabulary import CellOrder, Wanted
from publications.models.validators import COLUMNS, INTERNAL, SEPARATOR

READERS = {
    "title": values.text(values.LONGEST_TITLE),
    "year": values.whole_number(1400, 2100),
    "pubdate": values.pubdate,
    "journal": values.journal,
    "volume": values.text(60),
    "page": values.text(60),
    "doi": values.identifier(250, values.BEFORE_DOI),
    "arxiv": values.identifier(40, values.BEFORE_ARXIV),
    "refereed": values.truth,
    "citations": values.whole_number(0, 2**31 - 1),
    "added": values.day,
}


class PapersCsv:
    """A file of papers; see `Table` for what refuses it as a whole."""

    def __init__(self, path):
        self.table = Table(path)
        self.fields = [name for name in self.table.columns if name in READERS]
        self.has_authors = "authors" in self.table.columns
        others = [name for name in self.table.columns if name not in COLUMNS]
        self.categories = {column: column.removesuffix(INTERNAL) for column in others}
        if doubled := [name for name in others if name + INTERNAL in others]:
            raise ImportRefused(f"line 1: the column {doubled[0]!r} stands there twice; keep one of them")

    # A new paper is dated today, unless the file has a say.
    @property
    def new_papers_are_dated(self):
        return "added" not in self.fields

    def check(self, create_categories):
        """Read the file once: is it whole; returns the vocabulary to make."""
        orders = {column: CellOrder() for column in self.categories}
        for _, row in self.table.rows():
            if create_categories and not isinstance(row, BadRow):
                for column, order in orders.items():
                    if row[column]:
                        order.see(row[column].split(SEPARATOR))
        if not create_categories:
            return {}
        return {
            self.categories[column]: Wanted(order.names(), hidden=column.endswith(INTERNAL))
            for column, order in orders.items()
        }

    def rows(self, report):
        """Yield the good rows; the others go to ``report``."""
        for line, cells in self.table.rows():
            try:
                if isinstance(cells, BadRow):
                    raise cells
                yield self.row(line, cells)
            except BadRow as error:
                report.refuse(line, error)

    def row(self, line, cells):
        column = "bibcode"
        try:
            identifier = values.of_a_paper(cells["bibcode"])
            row = PaperRow(line, identifier, replaced=tuple(self.categories.values()))
            for column in self.fields:
                row.fields[column] = READERS[column](cells[column])
            column = "authors"
            if self.has_authors:
                row.authors = values.authors(cells["authors"])
        except BadRow as error:
            raise BadRow(f"{column}: {error}") from error
        for column, category in self.categories.items():
            if cells[column]:
                row.tags += [(category, name) for name in cells[column].split(SEPARATOR)]
        return row
