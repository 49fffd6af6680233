"""Conditions of the consistency rules, one a line, as a curator writes them. Pure.

    has tag oidb            no tag JMMC
    has category HIDDEN     no category Facility
    number of tags is 1     a tag lacks all its parents
    in OiDB                 not in OiDB
    not here

All of them must hold. ``not here`` makes the rule one about bibcodes of another database's list.
"""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """``value`` is the whole line (those in `WHOLE`), or how it begins: a subject follows then."""

    HAS_TAG = "has tag"
    NO_TAG = "no tag"
    HAS_CATEGORY = "has category"
    NO_CATEGORY = "no category"
    TAGS = "number of tags is"
    ORPHAN = "a tag lacks all its parents"
    NOT_HERE = "not here"
    IN = "in"
    NOT_IN = "not in"


WHOLE = {Kind.ORPHAN, Kind.NOT_HERE}
OF_TAGS = {Kind.HAS_TAG, Kind.NO_TAG}
OF_CATEGORIES = {Kind.HAS_CATEGORY, Kind.NO_CATEGORY}
OF_SOURCES = {Kind.IN, Kind.NOT_IN}
SOURCES = {"oidb": "oidb", "jmdc": "jmdc", "telbib": "telbib", "eso telbib": "telbib"}
ALLOWED = "; ".join(f"“{kind.value}{'' if kind in WHOLE else ' …'}”" for kind in Kind)


class BrokenCondition(ValueError):
    """A line that says no condition; the message names the line and what is allowed."""


@dataclass(frozen=True)
class Condition:
    """``subject`` is a name of a tag or category, a source, a number, or None."""

    kind: Kind
    subject: str | int | None = None


def read_conditions(text):
    """The `Condition` of each line of ``text``.

    Raises
    ------
    BrokenCondition
    """
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not lines:
        raise BrokenCondition("a condition is expected, one a line")
    conditions = [read_condition(line) for line in lines]
    kinds = [condition.kind for condition in conditions]
    if Kind.NOT_HERE in kinds and sorted(kind.name for kind in kinds) != ["IN", "NOT_HERE"]:
        raise BrokenCondition(
            "“not here” stands with one line “in …” and no other: we know no tags of such a paper"
        )
    return conditions


def read_condition(line):
    folded = line.casefold()
    for kind in Kind:
        if kind in WHOLE:
            if folded == kind.value:
                return Condition(kind)
        elif folded.startswith(f"{kind.value} "):
            return Condition(kind, subject(kind, line[len(kind.value) :].strip(), line))
    raise BrokenCondition(f"“{line}” is no condition: allowed are {ALLOWED}")


def subject(kind, text, line):
    if kind is Kind.TAGS:
        if not (text.isascii() and text.isdecimal()) or len(text) > 3:
            raise BrokenCondition(f"“{line}”: a number of tags is expected, for example 0 or 1")
        return int(text)
    if kind in OF_SOURCES:
        if text.casefold() not in SOURCES:
            raise BrokenCondition(f"“{line}”: lists are known of OiDB, JMDC and telbib")
        return SOURCES[text.casefold()]
    return text
