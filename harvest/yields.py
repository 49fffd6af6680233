"""What each search rule brought in, and what it cost: on this evidence a bad word is dropped."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Q

from harvest.consistency import Vocabulary
from harvest.models import Candidate, HarvestRun, SearchRule, TagReview
from harvest.rules import names_of
from publications.models import TagAssignment

Status = Candidate.Status
# Runs that are added up for the number of calls: a year of nights.
RUNS = 400
# Kinds of rules whose names are noted with a candidate.
LOOKED_FOR = {SearchRule.Kind.FACILITY}


@dataclass
class Word:
    """A quoted name in a rule, and the decisions on candidates whose title, abstract or keywords have it."""

    name: str
    accepted: int = 0
    blocked: int = 0


@dataclass
class Yield:
    """``unique``: accepted papers that no other rule matched.

    ``tagged``, ``dismissed``: what curators judged of papers that were in and lacked the rule's tag.
    """

    rule: SearchRule
    proposed: int = 0
    accepted: int = 0
    blocked: int = 0
    unique: int = 0
    tagged: int = 0
    dismissed: int = 0
    calls: int = 0
    words: list = field(default_factory=list)

    @property
    def pending(self):
        return self.proposed - self.accepted - self.blocked

    @property
    def share(self):
        """Accepted ÷ proposed, in per cent; None when nothing was proposed."""
        return round(100 * self.accepted / self.proposed) if self.proposed else None

    @property
    def precision(self):
        """Accepted ÷ decided, in per cent; None before any decision."""
        decided = self.accepted + self.blocked
        return round(100 * self.accepted / decided) if decided else None


def yields():
    """A `Yield` for each rule that proposes or labels, those that are on first."""
    rules = SearchRule.objects.exclude(kind__in=[SearchRule.Kind.BASE, SearchRule.Kind.SUBTRACTION])
    rules = rules.annotate(
        proposed=Count("candidates"),
        accepted=Count("candidates", filter=Q(candidates__status=Status.ACCEPTED)),
        blocked=Count("candidates", filter=Q(candidates__status=Status.BLOCKED)),
    ).order_by("-active", "kind", "name")
    calls, unique, judged, words = calls_by_rule(), unique_finds(), judged_by_rule(), decisions_by_word()
    return [
        Yield(
            rule,
            rule.proposed,
            rule.accepted,
            rule.blocked,
            unique[rule.pk],
            *judged.get(rule.pk, (0, 0)),
            calls[rule.name],
            [words_of(name, words) for name in names_of([rule.query])] if rule.kind in LOOKED_FOR else [],
        )
        for rule in rules
    ]


def words_of(name, words):
    return Word(name, words[name, Status.ACCEPTED], words[name, Status.BLOCKED])


def calls_by_rule():
    """Name of a rule → calls of ADS in the last `RUNS` runs that noted them."""
    jobs = [HarvestRun.Job.HARVEST, HarvestRun.Job.RECHECK, HarvestRun.Job.TRY]
    counted = Counter()
    for queries in HarvestRun.objects.filter(job__in=jobs).values_list("queries", flat=True)[:RUNS]:
        for query in queries:
            if "rule" in query:
                counted[query["rule"]] += query.get("calls", 0)
    return counted


def unique_finds():
    """Key of a rule → accepted candidates that it alone matched."""
    accepted = Candidate.objects.filter(status=Status.ACCEPTED).order_by()
    alone = accepted.annotate(rules_matched=Count("rules")).filter(rules_matched=1)
    matches = Candidate.rules.through.objects.filter(candidate__in=alone.values("pk"))
    return Counter(matches.values_list("searchrule", flat=True))


def judged_by_rule():
    """Key of a rule → ``(tagged, dismissed)`` of the reviews that people judged."""
    reviews = TagReview.objects.filter(missing=False).exclude(by=None).order_by()
    vocabulary = Vocabulary()
    names = dict(SearchRule.objects.values_list("pk", "tag_name"))
    pairs = list(reviews.values_list("rule", "paper"))
    tags = {rule: vocabulary.find(names[rule]) for rule, _ in pairs}
    given = TagAssignment.objects.filter(tag__in=[tag for tag in tags.values() if tag])
    carried = set(given.values_list("tag", "paper"))
    judged = {}
    for rule, paper in pairs:
        tagged, dismissed = judged.get(rule, (0, 0))
        has_it = (tags[rule] and tags[rule].pk, paper) in carried
        judged[rule] = (tagged + has_it, dismissed + (not has_it))
    return judged


def decisions_by_word():
    """``(word, status)`` → number of decided candidates in whose title, abstract or keywords it stands."""
    counted = Counter()
    decided = Candidate.objects.exclude(status=Status.PENDING).order_by()
    for status, evidence in decided.values_list("status", "evidence"):
        counted.update((word, status) for word in (evidence or {}).get("words", []))
    return counted
