"""Where bibcodes that are not here stand: what lists of gaps and of software papers say of them."""

from dataclasses import dataclass

from harvest.known import NON_INTERFERO, blocks_by_key, keys_of, pending_by_key
from harvest.models import FilteredBibstem
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
        listed = LibraryEntry.objects.filter(library__name=NON_INTERFERO).values_list("bibcode", flat=True)
        self.blocked = dict.fromkeys(
            keys_of(listed), State(BLOCKED, "on JMMC's list of papers without interferometry")
        )
        for key, entry in blocks_by_key().items():
            why = ": ".join(filter(None, [entry.get_reason_display(), entry.note]))
            self.blocked[key] = State(BLOCKED if entry.lasts else NOT_REFEREED, why)
        self.candidates = {
            key: State(CANDIDATE, "", candidate.pk) for key, candidate in pending_by_key().items()
        }
        self.filtered = list(FilteredBibstem.objects.values_list("bibstem", flat=True))

    def of(self, bibcode):
        (key,) = keys_of([bibcode])
        found = self.candidates.get(key) or self.blocked.get(key)
        if found:
            return found
        bibstem = next((one for one in self.filtered if bibcodes.matches_bibstem(bibcode, one)), None)
        return State(FILTERED, f"{bibstem} is left out") if bibstem else State(OPEN)
