"""What the readers of CSV and XML hand to the writer."""

from dataclasses import dataclass, field
from itertools import count


@dataclass
class PaperRow:
    """One paper of a file.

    ``bibcode`` may be another identifier, of a paper that is here; a new one needs its bibcode.
    ``fields`` holds the columns that the file has; None (year, journal: as the bibcode says)
    means empty. ``authors`` None: the file says nothing of them. ``tags`` are names with the
    category they stand under (None: any); of the tags that the paper has already, those of the
    ``replaced`` categories (names) make room for these, all others stay. ``number`` tells rows apart, of
    which several may stand on one line.
    """

    line: int
    bibcode: str
    fields: dict = field(default_factory=dict)
    authors: list | None = None
    tags: list = field(default_factory=list)
    replaced: tuple = ()
    number: int = field(default_factory=count(1).__next__, init=False, compare=False)
