"""papers.csv, as exported here or made by hand → rows for the writer."""

from publications.imports import values
from publications.imports.report import BadRow
from publications.imports.row import PaperRow
from publications.imports.table import Table
from publications.imports.vocabulary import CellOrder
from publications.models.validators import COLUMNS, SEPARATOR

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
        self.categories = [name for name in self.table.columns if name not in COLUMNS]

    # A new paper is dated today, unless the file has a say.
    @property
    def new_papers_are_dated(self):
        return "added" not in self.fields

    def check(self, create_categories):
        """Read the file once: is it whole; returns the vocabulary to make."""
        orders = {name: CellOrder() for name in self.categories}
        for _, row in self.table.rows():
            if create_categories and not isinstance(row, BadRow):
                for name, order in orders.items():
                    if row[name]:
                        order.see(row[name].split(SEPARATOR))
        return {name: ("", order.names()) for name, order in orders.items()} if create_categories else {}

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
            row = PaperRow(line, values.of_a_paper(cells["bibcode"]), replaced=tuple(self.categories))
            for column in self.fields:
                row.fields[column] = READERS[column](cells[column])
            column = "authors"
            if self.has_authors:
                row.authors = values.authors(cells["authors"])
        except BadRow as error:
            raise BadRow(f"{column}: {error}") from error
        for category in self.categories:
            if cells[category]:
                row.tags += [(category, name) for name in cells[category].split(SEPARATOR)]
        return row
