"""What no value of the database may hold, at every door."""

from django.core.exceptions import ValidationError

from publications import bibcode as bibcodes

SEPARATOR = "; "
# Of papers.csv. Behind them each category has a column under its own name.
COLUMNS = [
    "bibcode", "title", "authors", "year", "pubdate", "journal", "volume", "page", "doi", "arxiv",
    "refereed", "citations", "added", "url",
]  # fmt: skip
# Behind the name of a column that only curators get.
INTERNAL = " (internal)"


def validate_bibcode(value):
    try:
        bibcodes.parse(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def validate_joinable(value):
    """Values are joined by ``; `` in the exports, so none may contain it."""
    if SEPARATOR in value or value.endswith(";"):
        raise ValidationError(
            f"{value[:60]!r} contains or ends with “;”, which separates values in the exports"
        )


def validate_column(value):
    """The name of a category, which can be told from the other columns of papers.csv by any program."""
    if value.casefold() in COLUMNS:
        raise ValidationError(f"{value!r} is the name of another column of papers.csv: choose another name")
    if value.endswith(INTERNAL):
        raise ValidationError(f"{value!r} ends as the columns of hidden categories do: choose another name")


def validate_words(value):
    """A name is one line without control characters, and does not begin or end with a space."""
    if value != value.strip() or not value.isprintable():
        raise ValidationError(f"{value[:60]!r} has spaces at its ends, a line break or a control character")
