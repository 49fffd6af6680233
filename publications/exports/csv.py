"""papers.csv: one row for each paper; `import_papers` reads it back."""

import csv
import io
from urllib.parse import quote

from django.conf import settings

from publications.exports.rows import chunks, rows
from publications.models.validators import COLUMNS, SEPARATOR

READ = [
    "bibcode", "title", "year", "pubdate", "journal__bibstem", "volume", "page", "doi", "arxiv",
    "refereed", "citations", "added",
]  # fmt: skip
TRUTH = {True: "true", False: "false", None: ""}
LINES = 500


def papers_csv(papers, categories):
    """Yield the text of papers.csv for the selection ``papers``, a column for each of ``categories``.

    UTF-8 is expected of the caller; lines end in CRLF; unknown is empty. A cell is the plain fact:
    nothing is put in front of a title that a spreadsheet might take for a formula.
    """
    categories = list(categories)
    yield table([[*COLUMNS, *(category.column for category in categories)]])
    for some in chunks(rows(papers, categories, READ), LINES):
        yield table(cells(row) for row in some)


def cells(row):
    bibcode, title, *described, refereed, citations, added = row.values
    return [
        bibcode,
        title,
        SEPARATOR.join(row.authors),
        *described,
        TRUTH[refereed],
        citations,
        added and added.date().isoformat(),
        f"{settings.ADS_UI_URL}/abs/{quote(bibcode, safe='')}/abstract",
        *map(SEPARATOR.join, row.tags),
    ]


def table(lines):
    """``lines`` of values as CSV text (RFC 4180); None is an empty cell."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue()
