"""Software groups: where their own papers stand, and who cites or names them, as far as it is stored.

Who uses a group's software is known from the papers that carry its hidden tag, from the papers here that its
search rule matches without it, and from the candidates that the rule brought in.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from harvest.consistency import Vocabulary
from harvest.known import keys_of
from harvest.models import Candidate, SoftwareGroup, TagReview
from harvest.states import NOT_REFEREED, OPEN, State, States
from publications.folding import author_key
from publications.models import Authorship, Identifier, Paper, Tag, TagAssignment

IN, UNTAGGED, MISSING = "in", "tag missing", "missing"
# In the order of columns: what is right, what is to be done, what was decided.
USES = [IN, UNTAGGED, "candidate", "blocked"]


@dataclass
class OwnPaper:
    """One of the group's own papers; ``here`` is its present bibcode in the database, or ""."""

    bibcode: str
    state: State
    here: str = ""


@dataclass
class Use:
    """A paper that cites or names the software. ``here`` as of `OwnPaper`."""

    bibcode: str
    year: int
    title: str
    state: str
    here: str = ""
    candidate: int | None = None
    authors: list = field(default_factory=list)


@dataclass
class Software:
    """A group with its papers. ``tag`` is None while the vocabulary lacks it."""

    group: SoftwareGroup
    tag: Tag | None
    own: list = field(default_factory=list)
    uses: list = field(default_factory=list)

    @property
    def own_counts(self):
        return sorted(Counter(paper.state.name for paper in self.own).items())

    @property
    def counts(self):
        """Number of uses in each state of `USES`."""
        counted = Counter(use.state for use in self.uses)
        return [counted[state] for state in USES]

    @property
    def years(self):
        """``[(year, counts as above, all)]``, the newest first."""
        by_year = defaultdict(Counter)
        for use in self.uses:
            by_year[use.year][use.state] += 1
        return [
            (year, [counted[state] for state in USES], counted.total())
            for year, counted in sorted(by_year.items(), reverse=True)
        ]

    @property
    def authors(self):
        """``[(name, counts)]`` of the authors of most uses."""
        counted = defaultdict(Counter)
        names = {}
        for use in self.uses:
            for name in use.authors:
                counted[author_key(name)][use.state] += 1
                names.setdefault(author_key(name), name)
        most = sorted(counted, key=lambda key: (-counted[key].total(), key))[:MOST_AUTHORS]
        return [(names[key], [counted[key][state] for state in USES]) for key in most]

    def by_author(self, name):
        """Only the uses of one author, in any spelling."""
        key = author_key(name)
        uses = [use for use in self.uses if key in {author_key(one) for one in use.authors}]
        return Software(self.group, self.tag, self.own, uses)


MOST_AUTHORS = 20


def software(groups):
    """A `Software` for each of ``groups``, in a number of queries that does not depend on them."""
    groups = list(groups.select_related("rule"))
    vocabulary = Vocabulary()
    found = [Software(group, vocabulary.find(group.tag_name)) for group in groups]
    add_own_papers(found)
    add_tagged(found, vocabulary)
    add_untagged(found)
    add_candidates(found)
    for one in found:
        # A group's papers on its own software are no uses of it.
        own = set(keys_of([*one.group.bibcodes, *(paper.here for paper in one.own)]))
        one.uses = [use for use in one.uses if keys_of([use.bibcode])[0] not in own]
        one.uses.sort(key=lambda use: (-use.year, use.bibcode))
    return found


def add_own_papers(found):
    keys = keys_of(bibcode for one in found for bibcode in one.group.bibcodes)
    here = Identifier.objects.filter(key__in=keys).values_list("key", "paper__bibcode", "paper__refereed")
    here = {key: (bibcode, refereed) for key, bibcode, refereed in here}
    states = States()
    for one in found:
        for bibcode in one.group.bibcodes:
            (key,) = keys_of([bibcode])
            if key in here:
                present, refereed = here[key]
                why = NOT_REFEREED if refereed is False else ""
                one.own.append(OwnPaper(bibcode, State(IN, why), present))
            else:
                state = states.of(bibcode)
                one.own.append(OwnPaper(bibcode, State(MISSING) if state.name == OPEN else state))


def add_tagged(found, vocabulary):
    tags = {one.tag.pk for one in found if one.tag}
    given = list(TagAssignment.objects.filter(tag__in=tags).values_list("tag", "paper"))
    # A tag above others says nothing where one of those is there: JMMC beside Aspro is Aspro.
    above = {parent.pk for parents in vocabulary.parents.values() for parent in parents} & tags
    hidden = TagAssignment.objects.filter(
        tag__category__public=False,
        tag__category__retired=False,
        paper__in=[p for t, p in given if t in above],
    )
    others = set(hidden.exclude(tag__in=above).values_list("paper", flat=True))
    given = [(tag, paper) for tag, paper in given if tag not in above or paper not in others]
    uses = uses_of_papers({paper for _, paper in given})
    by_tag = defaultdict(list)
    for tag, paper in given:
        by_tag[tag].append(paper)
    for one in found:
        if one.tag:
            one.uses += [uses(paper, IN) for paper in by_tag[one.tag.pk]]


def add_untagged(found):
    rules = {one.group.rule.pk: one for one in found if has_rule(one)}
    reviews = TagReview.objects.filter(missing=True, rule__in=rules).values_list("rule", "paper")
    carried = TagAssignment.objects.filter(tag__in=[one.tag for one in found if one.tag])
    carried = set(carried.values_list("tag", "paper"))
    pairs = [(rules[rule], paper) for rule, paper in reviews]
    pairs = [(one, paper) for one, paper in pairs if not one.tag or (one.tag.pk, paper) not in carried]
    uses = uses_of_papers({paper for _, paper in pairs})
    for one, paper in pairs:
        one.uses.append(uses(paper, UNTAGGED))


def uses_of_papers(keys):
    """A function that makes the `Use` of a paper here, given its key and state."""
    papers = {
        row[0]: row[1:]
        for row in Paper.objects.filter(pk__in=keys).values_list("pk", "bibcode", "year", "title")
    }
    names = defaultdict(list)
    authorships = Authorship.objects.filter(paper__in=keys).order_by("position")
    for paper, name in authorships.values_list("paper", "author__name"):
        names[paper].append(name)

    def use(paper, state):
        bibcode, year, title = papers[paper]
        return Use(bibcode, year, title, state, here=bibcode, authors=names[paper])

    return use


def add_candidates(found):
    rules = {one.group.rule.pk: one for one in found if has_rule(one)}
    matches = Candidate.rules.through.objects.filter(searchrule__in=rules)
    matches = matches.exclude(candidate__status=Candidate.Status.ACCEPTED)
    columns = ("pk", "bibcode", "year", "title", "authors", "status")
    for rule, pk, bibcode, year, title, authors, status in matches.values_list(
        "searchrule", *(f"candidate__{name}" for name in columns)
    ):
        state = "blocked" if status == Candidate.Status.BLOCKED else "candidate"
        rules[rule].uses.append(Use(bibcode, year, title, state, candidate=pk, authors=authors))


def has_rule(one):
    return hasattr(one.group, "rule")
