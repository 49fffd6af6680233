"""Where papers stand with us: here, blocked because, candidate, or not known."""

from dataclasses import dataclass

from harvest.known import blocks_by_key, pending_by_key
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
    """``{identifier: Standing}``, whichever form of identifier it is.

    The blocks and the candidates are read whole, once, when not all of the list is here.
    """
    keys = {identifier: Identifier.key_of(identifier) for identifier in identifiers}
    wanted = list(dict.fromkeys(keys.values()))
    here = {}
    for start in range(0, len(wanted), CHUNK):
        found = Identifier.objects.filter(key__in=wanted[start : start + CHUNK]).select_related("paper")
        here |= {identifier.key: identifier.paper for identifier in found}
    all_here = len(here) == len(wanted)
    blocked, candidates = ({}, {}) if all_here else (blocks_by_key(), pending_by_key())
    return {identifier: standing(key, here, blocked, candidates) for identifier, key in keys.items()}


def standing(key, here, blocked, candidates):
    if key in here:
        return Standing("here", paper=here[key])
    if key in blocked:
        return Standing("blocked", entry=blocked[key])
    if key in candidates:
        return Standing("candidate", candidate=candidates[key])
    return Standing("unknown")
