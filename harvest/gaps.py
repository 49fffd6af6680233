"""Cross-checks with JMDC, OiDB and telbib: what one side lists and the other does not, and why."""

from collections import Counter
from dataclasses import dataclass

from django.db import IntegrityError

from harvest import curation
from harvest.models import BlocklistEntry, Candidate, Explanation
from harvest.states import BLOCKED, NOT_REFEREED, OPEN, State, States
from publications.models import Identifier, Paper, SourceRecord, Tag, TagAssignment
from publications.models.history import act, create_with_history, delete_with_history

Source = SourceRecord.Source
DIAMETERS = "stellar diameters"
EXPLAINED = "explained"
LONGEST_REASON = Explanation._meta.get_field("reason").max_length


class CannotExplain(Exception):
    """Nothing was changed; the message says why."""


def listed(source):
    return SourceRecord.objects.of(source)


def measured():
    """JMDC's records of interferometry."""
    return listed(Source.JMDC).filter(interferometric=True)


def with_diameters():
    tagged = TagAssignment.objects.filter(tag__name_folded=DIAMETERS, tag__category__public=True)
    return Paper.objects.filter(pk__in=tagged.values("paper"))


@dataclass(frozen=True)
class CrossCheck:
    """``rows()`` are records of the ``source``, or papers here. A check with a ``slug`` is a gap.

    ``missing``: its papers are not here.
    """

    title: str
    source: SourceRecord.Source
    rows: object
    slug: str = ""
    missing: bool = False

    @property
    def bibcodes(self):
        return list(self.rows().order_by("bibcode").values_list("bibcode", flat=True))


CHECKS = [
    CrossCheck("in JMDC and here", Source.JMDC, lambda: listed(Source.JMDC).exclude(paper=None)),
    CrossCheck("in JMDC, not here", Source.JMDC, lambda: listed(Source.JMDC).missing_here(), "jmdc", True),
    CrossCheck(
        "measured by interferometry in JMDC, and here", Source.JMDC, lambda: measured().exclude(paper=None)
    ),
    CrossCheck(
        "measured by interferometry in JMDC, not here",
        Source.JMDC,
        lambda: measured().missing_here(),
        "measured",
        True,
    ),
    CrossCheck(
        "measured by interferometry in JMDC, and tagged “Stellar diameters”",
        Source.JMDC,
        lambda: measured().filter(paper__in=with_diameters()),
    ),
    CrossCheck(
        "measured by interferometry in JMDC, not tagged “Stellar diameters”",
        Source.JMDC,
        lambda: measured().exclude(paper=None).exclude(paper__in=with_diameters()),
        "not-tagged",
    ),
    CrossCheck(
        "tagged “Stellar diameters”, not measured by interferometry in JMDC",
        Source.JMDC,
        lambda: with_diameters().exclude(pk__in=measured().exclude(paper=None).values("paper")),
        "not-measured",
    ),
    CrossCheck(
        "VLTI papers of ESO telbib, not here",
        Source.TELBIB,
        lambda: listed(Source.TELBIB).missing_here(),
        "telbib",
        True,
    ),
    CrossCheck("in OiDB, not here", Source.OIDB, lambda: listed(Source.OIDB).missing_here(), "oidb", True),
]
GAPS = {check.slug: check for check in CHECKS if check.slug}


@dataclass
class Entry:
    """One bibcode of a gap. ``here``: the present bibcode of the paper here, or ""."""

    bibcode: str
    state: State
    here: str = ""
    explanation: Explanation | None = None


class Gaps:
    """Every gap as it is now, with the state of each entry; the blocks and candidates are read once."""

    def __init__(self):
        self.states = States()
        self.explained = {}
        for one in Explanation.objects.select_related("by"):
            self.explained.setdefault(one.gap, {})[one.bibcode] = one

    def entries(self, check):
        """An `Entry` for each bibcode, the open ones first."""
        explained = self.explained.get(check.slug, {})
        entries = [self.entry(check, explained, *row) for row in self.rows(check, explained)]
        return sorted(entries, key=lambda entry: (entry.state.name != OPEN, entry.state.name, entry.bibcode))

    def rows(self, check, explained):
        """``(bibcode, present bibcode here, names under which it may be explained)``."""
        rows = check.rows().order_by("bibcode")
        if rows.model is SourceRecord:
            return [
                (bibcode, here or "", [bibcode])
                for bibcode, here in rows.values_list("bibcode", "paper__bibcode")
            ]
        # A paper may have had another bibcode when it was explained.
        names = {}
        old = Identifier.objects.filter(value__in=explained)
        for bibcode, name in old.values_list("paper__bibcode", "value"):
            names.setdefault(bibcode, []).append(name)
        return [
            (bibcode, bibcode, names.get(bibcode, [])) for bibcode in rows.values_list("bibcode", flat=True)
        ]

    def entry(self, check, explained, bibcode, here, names):
        state = self.states.of(bibcode) if check.missing else State(OPEN)
        explanation = next((explained[name] for name in names if name in explained), None)
        if explanation and state.name == OPEN:
            state = State(EXPLAINED, explanation.reason)
        return Entry(bibcode, state, here, explanation)

    def counts(self, check):
        """State → number of entries; the open ones first."""
        counted = Counter(entry.state.name for entry in self.entries(check))
        return sorted(counted.items(), key=lambda item: (item[0] != OPEN, item[0]))


def explain(gap, bibcodes, reason, by):
    """Say why ``bibcodes`` may stay in a gap. Returns ``(act, number)`` of those that nobody had explained.

    Raises
    ------
    CannotExplain
    """
    reason = " ".join(reason.split())
    if not reason:
        raise CannotExplain("say why: an explanation is needed")
    if len(reason) > LONGEST_REASON:
        raise CannotExplain(f"the reason has {len(reason)} characters; at most {LONGEST_REASON} are kept")
    try:
        with act(f"explained {gap.title}: {reason}", by) as made:
            known = Explanation.objects.filter(gap=gap.slug).values("bibcode")
            rows = gap.rows().filter(bibcode__in=bibcodes).exclude(bibcode__in=known)
            new = [
                Explanation(gap=gap.slug, bibcode=bibcode, reason=reason, by=by)
                for bibcode in rows.order_by("bibcode").values_list("bibcode", flat=True)
            ]
            if not new:
                raise CannotExplain("choose papers of this gap that nobody has explained")
            create_with_history(Explanation, new)
    except IntegrityError as error:
        raise CannotExplain("somebody explained some of them at the same moment: look again") from error
    return made, len(new)


def take_back(explanations, by):
    with act(f"took back {len(explanations)} explanations", by) as made:
        delete_with_history(explanations)
    return made


def block(gap, bibcodes, reason, note, by):
    """Put papers of a gap that are not here on the blocklist. Returns ``(act, number)``.

    Raises
    ------
    CannotExplain
        When none of them is missing here, or all are blocked.
    CannotDecide
    """
    if reason not in BlocklistEntry.Reason.values or reason == BlocklistEntry.Reason.UNCURATED:
        raise curation.CannotDecide(f"{reason!r} is no reason to block: choose one of the list")
    try:
        with act(f"blocked papers {gap.title}", by) as made:
            blocked = [one for one in blockable(gap, bibcodes) if block_one(*one, reason, note, by)]
            if not blocked:
                raise CannotExplain("choose papers that are not here and not blocked")
    except IntegrityError as error:
        raise CannotExplain("somebody blocked some of them at the same moment: look again") from error
    return made, len(blocked)


def blockable(gap, bibcodes):
    """``[(bibcode, State)]`` of those that the gap has and that are missing here."""
    if not gap.missing:
        return []
    states = States()
    rows = gap.rows().filter(bibcode__in=bibcodes).order_by("bibcode")
    return [(bibcode, states.of(bibcode)) for bibcode in rows.values_list("bibcode", flat=True)]


def block_one(bibcode, state, reason, note, by):
    """Whether it was not blocked before."""
    if state.candidate:
        curation.block(Candidate(pk=state.candidate, bibcode=bibcode), reason, note, by)
    elif state.name in (BLOCKED, NOT_REFEREED):
        return False
    else:
        BlocklistEntry.objects.create(bibcode=bibcode, reason=reason, note=note, blocked_by=by)
    return True


def add_diameters(gap, bibcodes, by):
    """Give papers of JMDC the tag that they lack. Returns ``(act, number)``.

    Raises
    ------
    CannotExplain
    CannotDecide
        When the tag was retired meanwhile.
    """
    tag = Tag.objects.to_give().filter(name_folded=DIAMETERS).first()
    if tag is None or gap.slug != "not-tagged":
        raise CannotExplain(
            "the vocabulary has no tag “Stellar diameters”" if tag is None else "not of this gap"
        )
    with act(f"tagged “{tag}”: {gap.title}", by) as made:
        papers = Paper.objects.filter(pk__in=gap.rows().filter(bibcode__in=bibcodes).values("paper"))
        papers = list(papers.order_by("pk").select_for_update(no_key=True))
        curation.still_in_use([tag])
        carried = set(TagAssignment.objects.filter(tag=tag, paper__in=papers).values_list("paper", flat=True))
        new = [TagAssignment(paper=one, tag=tag, given_by=by) for one in papers if one.pk not in carried]
        if not new:
            raise CannotExplain("choose papers of this gap that lack the tag")
        create_with_history(TagAssignment, new)
    return made, len(new)
