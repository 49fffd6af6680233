"""Where papers stand with us: here, blocked because, candidate, or not known."""

from dataclasses import dataclass

from harvest.models import BlocklistEntry, Candidate
from publications.models import Identifier, Paper

CHUNK = 500


@dataclass
class Standing:
    """``state`` is "here", "blocked", "candidate" or "unknown"; the row that says so beside it."""

    state: str
    paper: Paper | None = None
    entry: BlocklistEntry | None = None
    candidate: Candidate | None = None


def standings(identifiers):
    """``{identifier: Standing}``, in a number of queries that follows the length of the list by 500."""
    keys = {identifier: Identifier.key_of(identifier) for identifier in identifiers}
    wanted = list(dict.fromkeys(keys.values()))
    here, blocked, candidates = {}, {}, {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        found = Identifier.objects.filter(key__in=part).select_related("paper")
        here |= {identifier.key: identifier.paper for identifier in found}
        bibcodes = [identifier for identifier, key in keys.items() if key in set(part)]
        blocked |= {
            Identifier.key_of(entry.bibcode): entry
            for entry in BlocklistEntry.objects.filter(bibcode__in=bibcodes)
        }
        candidates |= {
            Identifier.key_of(candidate.bibcode): candidate
            for candidate in Candidate.objects.filter(bibcode__in=bibcodes, status=Candidate.Status.PENDING)
        }
    return {identifier: standing(key, here, blocked, candidates) for identifier, key in keys.items()}


def standing(key, here, blocked, candidates):
    if key in here:
        return Standing("here", paper=here[key])
    if key in blocked:
        return Standing("blocked", entry=blocked[key])
    if key in candidates:
        return Standing("candidate", candidate=candidates[key])
    return Standing("unknown")
