"""What the database knows already, under any identifier: papers, blocks, candidates."""

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from harvest.models import BlocklistEntry, Candidate, FilteredBibstem
from publications import bibcode as bibcodes
from publications.models import Identifier, LibraryEntry
from publications.models.identifier import hold_the_door

NON_INTERFERO = "jmmc-non-interfero"


def keys_of(identifiers):
    """The form in which identifiers are compared, each once, in their order."""
    return list(dict.fromkeys(Identifier.key_of(identifier) for identifier in identifiers if identifier))


def blocks_by_key():
    """``{key: entry}`` of the blocklist, under every identifier."""
    return {
        key: entry
        for entry in BlocklistEntry.objects.all()
        for key in keys_of([entry.bibcode, *entry.identifiers])
    }


def pending_by_key():
    """``{key: candidate}`` of those that wait, under every identifier; their texts are not read."""
    pending = Candidate.objects.pending().only("bibcode", "identifiers", "doi", "arxiv")
    return {key: candidate for candidate in pending.order_by() for key in keys_of(candidate.names)}


class Known:
    """A picture of the database, read once, kept up to date by who adds to it.

    ``here``: key → paper's id; ``blocked``: key → entry (JMMC's list of papers without interferometry is
    blocked too, its entry is None); ``proposed``: key → candidate that is pending or was blocked,
    or whose paper is here no more.
    ``lock``: nobody else decides on candidates or proposes any until the present transaction ends.
    """

    def __init__(self, lock=False):
        if lock:
            hold_the_door()
        # First, so that what somebody decides at this moment is seen in all that is read after it.
        self.proposed = {}
        # Of those that were accepted, the ones whose paper was deleted since.
        here = Exists(Identifier.objects.filter(key=Lower(OuterRef("bibcode"))))
        candidates = Candidate.objects.exclude(here, status=Candidate.Status.ACCEPTED).order_by("pk")
        for candidate in candidates.select_for_update() if lock else candidates:
            self.propose(candidate)
        self.here = dict(Identifier.objects.values_list("key", "paper_id"))
        # Theirs lasts, also where a block of ours will end.
        self.blocked = blocks_by_key() | {
            Identifier.key_of(bibcode): None
            for bibcode in LibraryEntry.objects.filter(library__name=NON_INTERFERO).values_list(
                "bibcode", flat=True
            )
        }
        self.filtered = list(FilteredBibstem.objects.values_list("bibstem", flat=True))

    def propose(self, candidate):
        for key in keys_of(candidate.names):
            self.proposed[key] = candidate

    def is_here(self, identifiers):
        return any(key in self.here for key in keys_of(identifiers))

    def papers_among(self, identifiers):
        """Ids of the papers here behind any of ``identifiers``."""
        return {self.here[key] for key in keys_of(identifiers) if key in self.here}

    def block_of(self, identifiers):
        """Whether something is blocked, and the entry that says so (or None): one that lasts, if there is."""
        entries = [self.blocked[key] for key in keys_of(identifiers) if key in self.blocked]
        lasting = [entry for entry in entries if entry is None or entry.lasts]
        return bool(entries), (lasting or entries or [None])[0]

    def candidate_of(self, identifiers):
        for key in keys_of(identifiers):
            if key in self.proposed:
                return self.proposed[key]
        return None

    def pending_of(self, identifiers):
        """The candidate that waits under any of ``identifiers``, or None."""
        found = (self.proposed[key] for key in keys_of(identifiers) if key in self.proposed)
        return next((one for one in found if one.status == Candidate.Status.PENDING), None)

    def is_filtered(self, bibcode):
        """Whether its present journal is one that we wait for or leave out."""
        return any(bibcodes.matches_bibstem(bibcode, bibstem) for bibstem in self.filtered)
