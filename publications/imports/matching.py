"""Which paper of the database a row of a file is about."""

from publications.bibcode import is_bibcode
from publications.imports.report import BadRow
from publications.models import Identifier


class Matcher:
    """Finds papers by any identifier, and refuses a second row about the same paper."""

    def __init__(self, report):
        self.report = report
        self.lines = {}  # paper's key → line of the row that was about it

    def match(self, rows):
        """``[(row, paper's key, known)]`` for the good rows; key None for a new paper.

        ``known``: whether what the row has as its bibcode is, or was, an identifier of that paper.
        """
        keys = [identifier_keys(row) for row in rows]
        wanted = list({key for row_keys in keys for key in row_keys})
        owners = dict(Identifier.objects.filter(key__in=wanted).values_list("key", "paper"))
        stored = dict(owners)
        matched = []
        for row, row_keys in zip(rows, keys, strict=True):
            try:
                owner = self.owner(row, row_keys, owners)
            except BadRow as error:
                self.report.refuse(row.line, error)
                continue
            pk = owner if owner > 0 else None
            matched.append((row, pk, stored.get(row_keys[0]) == pk))
        return matched

    def owner(self, row, row_keys, owners):
        """The key of the row's paper; minus the row's number for a paper that it creates."""
        if not is_bibcode(row.bibcode) and row_keys[0] not in owners:
            raise BadRow(f"bibcode: there is no paper {row.bibcode} here, and a new one needs its bibcode")
        found = {owners[key] for key in row_keys if key in owners}
        if len(found) > 1:
            raise BadRow(f"{row.bibcode}: its identifiers belong to two different papers")
        owner = found.pop() if found else -row.number
        if owner in self.lines:
            raise BadRow(f"{row.bibcode}: the same paper as in line {self.lines[owner]}")
        self.lines[owner] = row.line
        for key in row_keys:
            owners[key] = owner
        return owner

    def created(self, row, pk):
        self.lines[pk] = self.lines.pop(-row.number)


def identifier_keys(row):
    """Keys of the row's identifiers, first the one by which it names its paper."""
    given = (row.bibcode, row.fields.get("doi"), row.fields.get("arxiv"))
    return list(dict.fromkeys(key for value in given if value and (key := Identifier.key_of(value))))
