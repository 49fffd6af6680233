"""A CSV file read strictly: a damaged file is refused whole, a damaged row alone. Pure."""

import csv

from publications.imports.report import BadRow, ImportRefused

# One cell may be large enough to be reported as a bad value, instead of ending the import.
LARGEST_CELL = 16 * 2**20


class Table:
    """The columns of a CSV file, and its rows as ``{column: cell}``.

    Raises
    ------
    ImportRefused
        Wrong encoding, a zero byte, broken quotes, a missing, unknown or doubled column.
    """

    def __init__(self, path, required=("bibcode",)):
        self.path = path
        with open(path, "rb") as file:
            _, header = next(lines_of_cells(file), (1, []))
        self.columns = [name.strip() for name in header]
        self.check(required)

    def check(self, required):
        for name in self.columns:
            if not name:
                raise ImportRefused("line 1: a column has no name")
            if self.columns.count(name) > 1:
                raise ImportRefused(f"line 1: the column {name!r} stands there twice; keep one of them")
        missing = [name for name in required if name not in self.columns]
        if missing:
            raise ImportRefused(
                f"line 1: no column {missing[0]!r}. The first line must name the columns, "
                f"separated by commas; it has {', '.join(map(repr, self.columns))[:200] or 'nothing'}"
            )

    def rows(self):
        """Yield ``(line, row)``; ``row`` is a `BadRow` when it has too few or too many cells."""
        width = len(self.columns)
        with open(self.path, "rb") as file:
            lines = lines_of_cells(file)
            next(lines)
            for line, cells in lines:
                if len(cells) == width:
                    yield line, dict(zip(self.columns, cells, strict=True))
                else:
                    yield line, BadRow(f"{len(cells)} cells where the first line has {width}")


def lines_of_cells(file):
    """Yield ``(number of its first line, cells)`` for each row of a binary file; empty lines are skipped."""
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(decoded(file), strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise ImportRefused(f"line {line}: the CSV is broken there ({error})") from error


def decoded(file):
    for number, line in enumerate(file, start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise ImportRefused(f"line {number}: not UTF-8. Save the file in UTF-8 and try again") from error
        if "\0" in text:
            raise ImportRefused(f"line {number}: a zero byte; this is not a text file in UTF-8")
        yield text
