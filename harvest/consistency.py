"""Which papers break a consistency rule, and which tags would mend them. Nothing is stored.

A rule that names a tag, a category or a list that we do not have finds nothing and says why.
"""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch

from harvest.conditions import OF_CATEGORIES, OF_SOURCES, OF_TAGS, BrokenCondition, Kind
from harvest.jobs import recorded
from harvest.models import ConsistencyRule, HarvestRun
from publications.models import Category, Paper, SourceRecord, Tag, TagAssignment

Proposal = ConsistencyRule.Proposal


class CannotApply(Exception):
    """The rule needs what the database does not have; the message says what."""


class Vocabulary:
    """Tags, categories and lists by name, as they are now; read once for any number of rules."""

    @cached_property
    def tags(self):
        return {tag.name_folded: tag for tag in Tag.objects.select_related("category")}

    @cached_property
    def by_key(self):
        return {tag.pk: tag for tag in self.tags.values()}

    @cached_property
    def categories(self):
        return {category.name.casefold(): category for category in Category.objects.all()}

    @cached_property
    def parents(self):
        """Key of a tag → its parents, in vocabulary order."""
        found = {}
        for child, parent in Tag.parents.through.objects.values_list("from_tag", "to_tag"):
            found.setdefault(child, set()).add(parent)
        return {
            child: [tag for key, tag in self.by_key.items() if key in keys] for child, keys in found.items()
        }

    @cached_property
    def sources(self):
        return set(SourceRecord.objects.order_by().values_list("source", flat=True).distinct())

    @cached_property
    def renamed(self):
        """Old name → key, of tags and of categories."""
        return tuple(
            dict(model.history.order_by("history_date").values_list("name", "id"))
            for model in (Tag, Category)
        )

    def tag(self, name):
        """The tag of this name, also after it was renamed."""
        present = self.tags.get(name.casefold()) or self.by_key.get(self.renamed[0].get(name))
        if present is None:
            raise CannotApply(f"the vocabulary has no tag “{name}”")
        return present

    def find(self, name):
        """As `tag`; None when there is none."""
        try:
            return self.tag(name)
        except CannotApply:
            return None

    def category(self, name):
        present = self.categories.get(name.casefold())
        if present is None:
            key = self.renamed[1].get(name)
            present = next((one for one in self.categories.values() if one.pk == key), None)
        if present is None:
            raise CannotApply(f"the vocabulary has no category “{name}”")
        return present

    def source(self, source):
        if source not in self.sources:
            raise CannotApply(f"no list of {SourceRecord.Source(source).label} was read yet")
        return source

    def meant(self, condition):
        """What the subject of a condition stands for."""
        if condition.kind in OF_TAGS:
            return self.tag(condition.subject)
        if condition.kind in OF_CATEGORIES:
            return self.category(condition.subject)
        if condition.kind in OF_SOURCES:
            return self.source(condition.subject)
        return condition.subject


# Condition → papers that meet it: (papers, what the subject stands for) → papers.
VERBS = {
    Kind.HAS_TAG: lambda papers, tag: papers.tagged_with_all([tag]),
    Kind.NO_TAG: lambda papers, tag: papers.tagged_with_none([tag]),
    Kind.HAS_CATEGORY: lambda papers, category: papers.tagged_in(category),
    Kind.NO_CATEGORY: lambda papers, category: papers.untagged_in(category),
    Kind.TAGS: lambda papers, number: papers.with_number_of_tags(number),
    Kind.ORPHAN: lambda papers, _: papers.with_an_orphan_tag(),
    Kind.IN: lambda papers, source: papers.in_source(source),
    Kind.NOT_IN: lambda papers, source: papers.not_in_source(source),
}


@dataclass
class Offer:
    """A tag that would mend a paper; ``ticked``: it is the only one that could."""

    tag: Tag
    ticked: bool


@dataclass
class Finding:
    """A paper that breaks a rule. ``orphans``: its tags of which no parent is there."""

    paper: Paper
    offers: list = field(default_factory=list)
    orphans: list = field(default_factory=list)


class Check:
    """One rule, applied to the database as it is now."""

    def __init__(self, rule, vocabulary=None):
        self.rule = rule
        self.vocabulary = vocabulary or Vocabulary()

    @cached_property
    def trouble(self):
        """Why the rule cannot be applied, or "" when it can."""
        try:
            for condition in self.rule.conditions:
                self.vocabulary.meant(condition)
            if self.rule.tag_name and self.vocabulary.tag(self.rule.tag_name).category.retired:
                raise CannotApply(f"the tag “{self.rule.tag_name}” that it proposes is retired")
        except (BrokenCondition, CannotApply) as error:
            return str(error)
        return ""

    @property
    def of_missing_papers(self):
        """Whether the rule is about bibcodes of another database that are not here."""
        return self.rule.proposes == Proposal.CANDIDATE

    @property
    def rows(self):
        """The findings: papers, or records of another database; none when the rule is off or in trouble."""
        model = SourceRecord if self.of_missing_papers else Paper
        if self.trouble or not self.rule.active:
            return model.objects.none()
        return self.missing_papers() if self.of_missing_papers else self.papers()

    def papers(self):
        papers = Paper.objects.exclude(pk__in=self.rule.waivers.values("paper"))
        for condition in self.rule.conditions:
            papers = VERBS[condition.kind](papers, self.vocabulary.meant(condition))
        return papers

    def missing_papers(self):
        (source,) = (condition.subject for condition in self.rule.conditions if condition.kind is Kind.IN)
        return SourceRecord.objects.of(source).missing_here()

    def findings(self, papers):
        """The `Finding` of each of ``papers``, a queryset, in its order."""
        carried = TagAssignment.objects.select_related("tag__category").in_vocabulary_order()
        papers = (
            papers.select_related("journal")
            .prefetch_related(Prefetch("assignments", carried))
            .defer("abstract")
        )
        return [self.finding(paper, [given.tag for given in paper.assignments.all()]) for paper in papers]

    def finding(self, paper, tags):
        orphans = [tag for tag in tags if self.is_orphan(tag, tags)]
        if self.rule.proposes == Proposal.TAG:
            return Finding(paper, [Offer(self.vocabulary.tag(self.rule.tag_name), True)], orphans)
        if self.rule.proposes == Proposal.PARENTS:
            return Finding(paper, self.absent_parents(tags, orphans), orphans)
        return Finding(paper, [], orphans)

    def is_orphan(self, tag, tags):
        parents = self.vocabulary.parents.get(tag.pk, [])
        return bool(parents) and not set(parents) & set(tags)

    def absent_parents(self, tags, orphans):
        """Parents to offer: of the orphans, or of the tags of the category that the rule is about.

        They are of the category that the rule misses, where it misses one. A sole parent is ticked.
        """
        about = self.categories(Kind.HAS_CATEGORY)
        wanted = self.categories(Kind.NO_CATEGORY)
        children = [tag for tag in tags if tag.category in about] if about else orphans
        offers = {}
        for child in children:
            parents = self.vocabulary.parents.get(child.pk, [])
            for parent in parents:
                if parent not in tags and (not wanted or parent.category in wanted):
                    offer = offers.setdefault(parent.pk, Offer(parent, False))
                    offer.ticked = offer.ticked or len(parents) == 1
        return list(offers.values())

    def categories(self, kind):
        return [
            self.vocabulary.meant(condition) for condition in self.rule.conditions if condition.kind is kind
        ]


def checks():
    """A `Check` of each rule, in the order of the rules."""
    vocabulary = Vocabulary()
    rules = ConsistencyRule.objects.with_waiver_counts().order_by("position", "number")
    return [Check(rule, vocabulary) for rule in rules]


@dataclass
class Overview:
    """Numbers of findings. ``papers``: papers with any finding, each counted once; ``missing``: not here."""

    counts: list
    papers: int
    missing: int


def overview():
    """``Overview.counts``: each check with its number of findings, or None where it was not applied."""
    counts, papers, missing = [], set(), set()
    for check in checks():
        if check.trouble or not check.rule.active:
            counts.append((check, None))
            continue
        found = set(check.rows.order_by().values_list("bibcode", flat=True))
        counts.append((check, len(found)))
        (missing if check.of_missing_papers else papers).update(found)
    return Overview(counts, len(papers), len(missing))


def check_consistency(by=None):
    """Count the findings of each rule. Returns the `HarvestRun`, which keeps the numbers."""
    with recorded(HarvestRun.Job.CONSISTENCY, by=by) as run:
        seen = overview()
        run.queries = [
            {"rule": str(check.rule), "query": "; ".join(check.rule.condition.splitlines()), "found": count}
            for check, count in seen.counts
            if count is not None
        ]
        run.messages = [
            f"{check.rule}: {check.trouble}"
            for check, _ in seen.counts
            if check.rule.active and check.trouble
        ]
        run.messages.append(f"{seen.papers} papers to look at, and {seen.missing} that are missing here")
        run.found = seen.papers + seen.missing
    return run
