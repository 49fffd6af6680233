"""What must change where, so that an ADS library and the database agree. Pure.

Every argument is a set of *tokens*: strings that are the same exactly when they mean the same paper.
"""

from dataclasses import dataclass, field
from enum import Enum

SHARE, FEW = 0.10, 10


class Truth(Enum):
    OURS = "the database"
    MERGED = "both sides"
    THEIRS = "ADS"


@dataclass
class Diff:
    ads_add: set = field(default_factory=set)
    ads_remove: set = field(default_factory=set)
    local_add: set = field(default_factory=set)
    local_remove: set = field(default_factory=set)
    foreign_add: set = field(default_factory=set)
    foreign_remove: set = field(default_factory=set)


@dataclass(frozen=True)
class Sent:
    """What an earlier plan may have written at ADS without anybody having read it back."""

    added: frozenset = frozenset()
    removed: frozenset = frozenset()


def diff(truth, wanted, present, base, sent=Sent(), overwrite=False):
    """The `Diff` of a library.

    Parameters
    ----------
    wanted : set
        What the database has.
    present : set
        What ADS has, read completely.
    base : set
        The last state that both sides were verified to have in common.
    sent : Sent
        Counts as ours, not as somebody's change at ADS.
    overwrite : bool
        Where the database is the truth: take somebody's changes at ADS back.
    """
    only_ads, only_here = present - wanted, wanted - present
    # On one side only, and known to have been common, or sent by us: it was removed on the other side.
    removed_here = only_ads & (base | sent.added)
    removed_at_ads = only_here & (base - sent.removed)
    new_at_ads, new_here = only_ads - removed_here, only_here - removed_at_ads
    if truth is Truth.MERGED:
        return Diff(new_here, removed_here, new_at_ads, removed_at_ads)
    if truth is Truth.THEIRS:
        return Diff(local_add=only_ads, local_remove=only_here)
    if overwrite:
        return Diff(only_here, only_ads)
    return Diff(new_here, removed_here, foreign_add=new_at_ads, foreign_remove=removed_at_ads)


def reason_to_wait(changes, wanted, present):
    """Why a person must agree before the removals of a `Diff`, or None."""
    if changes.ads_remove and not wanted:
        return f"nothing is wanted, and {len(changes.ads_remove)} entries would be removed at ADS"
    if changes.local_remove and not present:
        return f"the library at ADS is empty, and {len(changes.local_remove)} entries would be removed here"
    for where, removed, of in (
        ("at ADS", changes.ads_remove, present),
        ("here", changes.local_remove, wanted),
    ):
        if len(removed) > FEW and len(removed) > SHARE * len(of):
            return f"{len(removed)} of {len(of)} entries would be removed {where}"
    return None
