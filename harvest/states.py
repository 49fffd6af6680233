"""Where bibcodes that are not here stand: what lists of gaps and of software papers say of them."""

from dataclasses import dataclass

from harvest.known import NON_INTERFERO, keys_of
from harvest.models import BlocklistEntry, Candidate, FilteredBibstem
from publications import bibcode as bibcodes
from publications.models import LibraryEntry

OPEN, CANDIDATE, NOT_REFEREED, FILTERED, BLOCKED = "open", "candidate", "not refereed", "filtered", "blocked"


@dataclass(frozen=True)
class State:
    """``name`` is one of those above; ``why`` the reason in words, ``candidate`` a key where there is one."""

    name: str
    why: str = ""
    candidate: int | None = None


class States:
    """A picture of the blocks and of the pending candidates, under any identifier; read once."""

    def __init__(self):
        self.blocked, self.candidates = {}, {}
        listed = LibraryEntry.objects.filter(library__name=NON_INTERFERO)
        for bibcode in listed.values_list("bibcode", flat=True):
            self.block([bibcode], State(BLOCKED, "on JMMC's list of papers without interferometry"))
        for entry in BlocklistEntry.objects.all():
            why = ": ".join(filter(None, [entry.get_reason_display(), entry.note]))
            self.block(
                [entry.bibcode, *entry.identifiers], State(BLOCKED if entry.lasts else NOT_REFEREED, why)
            )
        pending = Candidate.objects.pending().values_list("pk", "bibcode", "identifiers", "doi", "arxiv")
        for pk, bibcode, identifiers, *others in pending:
            for key in keys_of([bibcode, *identifiers, *others]):
                self.candidates[key] = State(CANDIDATE, "", pk)
        self.filtered = list(FilteredBibstem.objects.values_list("bibstem", flat=True))

    def block(self, names, state):
        for key in keys_of(names):
            self.blocked[key] = state

    def of(self, bibcode):
        (key,) = keys_of([bibcode])
        found = self.candidates.get(key) or self.blocked.get(key)
        if found:
            return found
        bibstem = next((one for one in self.filtered if bibcodes.matches_bibstem(bibcode, one)), None)
        return State(FILTERED, f"{bibstem} is left out") if bibstem else State(OPEN)
