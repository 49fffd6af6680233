"""Look at ADS for papers that nobody has judged yet.

Everything is read from ADS first and written in one transaction afterwards: a search that fails, is
partial or comes back empty by mistake changes nothing.
"""

import logging
import re
from collections import Counter

from django.db import transaction
from django.utils import timezone

from harvest.ads.client import quoted
from harvest.ads.errors import AdsResponseError
from harvest.evidence import Evidence
from harvest.jobs import recorded
from harvest.known import Known, keys_of
from harvest.models import BlocklistEntry, Candidate, HarvestRun, SearchRule, Suggestion
from harvest.rules import (
    BrokenRule,
    Filling,
    group_query,
    joined,
    long_queries,
    names_of,
    short_query,
)
from publications import bibcode as bibcodes
from publications.models import Library, Paper
from publications.models.history import create_with_history, delete_with_history

logger = logging.getLogger(__name__)
Kind = SearchRule.Kind
BRINGING = (Kind.FACILITY, Kind.GROUP)
LABELLING = (*BRINGING, Kind.SECOND)
FEW = 40


class SearchPlan:
    """The active rules, filled in.

    ``labels``: rule → query, for those that suggest a tag.
    """

    def __init__(self, first_year=None):
        rules = list(SearchRule.objects.active().select_related("group"))
        facilities = [rule.query for rule in rules if rule.kind == Kind.FACILITY]
        self.names = names_of(facilities)
        known_here = Known()
        self.known = known_here
        bound = Library.objects.exclude(ads_id=None).values_list("name", "ads_id")
        self.filling = Filling(dict(bound), self.names, known_here.filtered)
        self.base = " ".join(self.filled(rule) for rule in rules if rule.kind == Kind.BASE)
        if first_year is not None:
            self.base = re.sub(r"year:\[\d{4} TO NOW\]", f"year:[{first_year} TO NOW]", self.base)
        self.subtraction = " ".join(self.filled(rule) for rule in rules if rule.kind == Kind.SUBTRACTION)
        self.globals = [self.filled(rule) for rule in rules if rule.kind == Kind.GLOBAL]
        self.labels = {rule: self.filled(rule) for rule in rules if rule.kind in LABELLING}
        self.bringing = [query for rule, query in self.labels.items() if rule.kind in BRINGING]

    def filled(self, rule):
        """
        Raises
        ------
        BrokenRule
            Naming the rule.
        """
        try:
            group = rule.group
            as_group = group_query(group.bibcodes, group.words, ["JMMC"]) if group else ""
            return self.filling.fill(rule.query, as_group)
        except BrokenRule as error:
            raise BrokenRule(f"search rule “{rule.name}”: {error}") from error

    def long(self):
        return long_queries(self.base, self.subtraction, self.bringing, self.globals)

    def short(self, query, bibcodes_wanted):
        """What ``query`` finds among the wanted ones, or in the whole field when they are many."""
        if len(bibcodes_wanted) <= FEW:
            return joined(f"bibcode:{quoted(sorted(bibcodes_wanted))}", query)
        return short_query(self.base, self.subtraction, self.globals, query)


def discover(client, by=None, first_year=None):
    """Search, and propose what nobody has judged. Returns the `HarvestRun`.

    Raises
    ------
    AdsError, BrokenRule, AlreadyRunning
        Nothing was changed then; the run says why.
    """
    with recorded(HarvestRun.Job.HARVEST, client, by) as run:
        plan = SearchPlan(first_year)
        known = plan.known
        records = search_long(client, run, plan)
        refuse_emptiness(records)
        fresh = one_record_for_each_paper(record for record in records if proposable(record, known, run))
        reopened = blocks_that_ended(client, run, known)
        suggested = look_up_suggestions(client, run)
        labels = search_short(client, run, plan, {record.bibcode for record in [*fresh, *reopened]})
        run.progress("writing what was found")
        with transaction.atomic():
            write(run, plan, records, fresh, reopened, labels)
            answer_suggestions(run, suggested)
    return run


def look_up_suggestions(client, run):
    """Suggestion → ADS's record, or None, for papers that visitors miss."""
    waiting = list(Suggestion.objects.to_look_up())
    if not waiting:
        return {}
    run.progress("looking up what visitors suggested")
    records = client.look_up([suggestion.identifier for suggestion in waiting][:FEW])
    by_key = {key: record for record in records for key in keys_of(record.identifiers)}
    return {suggestion: by_key.get(keys_of([suggestion.identifier])[0]) for suggestion in waiting[:FEW]}


def answer_suggestions(run, suggested):
    """A suggested paper becomes a candidate, refereed or not; the visitor's words are its note."""
    known = Known()
    for suggestion, record in suggested.items():
        candidate = record and known.candidate_of(record.identifiers)
        blocked = record is not None and known.block_of(record.identifiers)[0]
        if record is None or not bibcodes.is_bibcode(record.bibcode):
            suggestion.answer = "not known to ADS"
        elif known.is_here(record.identifiers) or blocked:
            suggestion.answer = f"{record.bibcode} is {'blocked' if blocked else 'in the database'}"
        else:
            if candidate is None:
                candidate = Candidate()
                run.new += 1
            open_again(candidate)
            describe(candidate, record)
            candidate.note = f"{candidate.note}\na visitor: {suggestion.text}".strip()
            candidate.save()
            known.propose(candidate)
            suggestion.answer = f"candidate {record.bibcode}"
            suggestion.settled = True
        suggestion.save()


def mine_citations(client, by=None):
    """Propose refereed papers that many papers here cite, by the active citation miners."""
    with recorded(HarvestRun.Job.HARVEST, client, by) as run:
        plan = SearchPlan()
        miners = SearchRule.objects.active().of_kind(Kind.MINER)
        run.progress("reading the references of the papers here")
        cited = cited_often(client, plan.known, miners)
        wanted = sorted(set().union(*cited.values()))
        records = client.look_up(wanted, also="property:refereed")
        run.found = len(records)
        fresh = one_record_for_each_paper(record for record in records if proposable(record, plan.known, run))
        with transaction.atomic():
            write(run, plan, records, fresh, [], cited)
    return run


def cited_often(client, known, miners):
    """Miner → bibcodes, not of papers here, that as many papers here cite as it asks for."""
    papers = Paper.objects.order_by("bibcode").values_list("bibcode", flat=True)
    citing = client.look_up(papers, "bibcode,year,reference") if miners else []
    this_year = timezone.now().year
    cited = {}
    for miner in miners:
        first = 0 if miner.years is None else this_year - miner.years
        counts = Counter(
            name for record in citing if (record.year or 0) >= first for name in record.references
        )
        cited[miner] = {
            name for name, count in counts.items() if count >= miner.threshold and not known.is_here([name])
        }
    return cited


def search_long(client, run, plan):
    found = {}
    for query in plan.long():
        run.progress("searching")
        answer = client.search(query)
        run.queries.append({"query": query, "found": len(answer)})
        found |= {record.bibcode: record for record in answer}
    run.found = len(found)
    return list(found.values())


def refuse_emptiness(records):
    """Papers that wait for a decision must be found again: none at all is an error of ADS."""
    expected = Candidate.objects.pending().filter(refereed=True, rules__isnull=False).exists()
    if expected and not records:
        raise AdsResponseError("the search came back empty although candidates wait that it must find")


def proposable(record, known, run):
    """Whether nobody has judged a record, under any of its identifiers."""
    if not bibcodes.is_bibcode(record.bibcode):
        run.errors.append(f"skipped a record with the odd bibcode {record.bibcode!r}")
        return False
    if not record.refereed or known.is_filtered(record.bibcode):
        return False
    blocked, entry = known.block_of(record.identifiers)
    if known.is_here(record.identifiers) or (blocked and (entry is None or entry.lasts)):
        return False
    candidate = known.candidate_of(record.identifiers)
    return candidate is None or candidate.status == Candidate.Status.BLOCKED


def one_record_for_each_paper(records):
    """arXiv and journal forms that ADS has not joined yet are one paper: the journal's stands for it."""
    chosen, taken = [], {}
    for record in sorted(records, key=lambda record: (is_preprint(record.bibcode), record.bibcode)):
        names = {name.casefold() for name in record.identifiers}
        if not names & taken.keys():
            chosen.append(record)
        taken.update(dict.fromkeys(names))
    return chosen


def is_preprint(bibcode):
    return bibcode[4:9] == "arXiv" or bibcode[4:12] == "astro.ph"


def blocks_that_ended(client, run, known):
    """Records of "not refereed yet" blocks that ADS calls refereed now."""
    waiting = BlocklistEntry.objects.filter(reason=BlocklistEntry.Reason.NOT_REFEREED)
    waiting = list(waiting.values_list("bibcode", flat=True))
    if not waiting:
        return []
    run.progress("looking whether blocks have ended")
    records = client.look_up(waiting, also="property:refereed")
    return [
        record
        for record in records
        if record.refereed and not known.is_here(record.identifiers) and not known.is_filtered(record.bibcode)
    ]


def search_short(client, run, plan, wanted):
    """Rule → bibcodes among ``wanted`` that it finds; no call at all when nothing is new."""
    labels = {}
    if not wanted:
        return labels
    for number, (rule, query) in enumerate(plan.labels.items()):
        run.progress(f"rule {rule.name}", number, len(plan.labels))
        answer = client.search(plan.short(query, wanted), "bibcode")
        run.queries.append({"rule": rule.name, "query": query, "found": len(answer)})
        labels[rule] = {record.bibcode for record in answer} & wanted
    return labels


def write(run, plan, records, fresh, reopened, labels):
    # Somebody may have decided while we searched: look again, inside the transaction.
    known = Known()
    evidence = Evidence(known, plan.names)
    for record in reopened:
        reopen(record, known, run)
    run.new = len(propose([*fresh, *reopened], known, evidence, labels, run))
    for record in one_record_for_each_paper(records):
        run.changed += follow(record, known, evidence)
    withdraw_decided(known, run)


def propose(records, known, evidence, labels, run):
    """Make records pending candidates, those that were not judged meanwhile. Returns the candidates."""
    proposed, new = {}, []
    for record in records:
        if not proposable(record, known, run):
            continue
        candidate = known.candidate_of(record.identifiers)
        if candidate is None:
            candidate = Candidate()
            new.append(candidate)
        open_again(candidate)
        describe(candidate, record)
        candidate.evidence = evidence.of(record)
        known.propose(candidate)
        proposed[record.bibcode] = candidate
    create_with_history(Candidate, new, reason="found at ADS")
    for candidate in set(proposed.values()).difference(new):
        candidate.rules.clear()
        candidate.save()
    matches = Candidate.rules.through
    matches.objects.bulk_create(
        [
            matches(candidate=proposed[bibcode], searchrule=rule)
            for rule, found in labels.items()
            for bibcode in sorted(found & proposed.keys())
        ],
        batch_size=1000,
    )
    return proposed


def reopen(record, known, run):
    """End the block of a paper that is refereed by now; the history keeps it."""
    _, entry = known.block_of(record.identifiers)
    if entry is None or entry.lasts:
        return
    delete_with_history([entry], reason="refereed now, says ADS")
    known.blocked = {key: other for key, other in known.blocked.items() if other is not entry}
    run.messages.append(f"{record.bibcode} is refereed now: its block has ended")


def open_again(candidate):
    candidate.status, candidate.decided_by, candidate.decided_at = Candidate.Status.PENDING, None, None


def describe(candidate, record):
    """Fill a candidate's columns from ADS's record."""
    candidate.bibcode = record.bibcode
    candidate.identifiers = sorted({*candidate.identifiers, *record.identifiers})
    candidate.title = record.title
    candidate.authors = list(record.authors)
    candidate.year = record.year or bibcodes.parse(record.bibcode).year
    candidate.pubdate = record.pubdate
    candidate.doi = record.doi[:250]
    candidate.arxiv = record.arxiv[:40]
    candidate.keywords = list(record.keywords)
    candidate.journal = record.pub[:250]
    candidate.volume = record.volume[:60]
    candidate.page = record.page[:60]
    candidate.abstract = record.abstract
    candidate.refereed = record.refereed
    candidate.citations = record.citation_count


DESCRIBED = [
    "bibcode", "identifiers", "title", "authors", "year", "pubdate", "doi", "arxiv", "keywords", "journal",
    "volume", "page", "abstract", "refereed", "citations",
]  # fmt: skip


def follow(record, known, evidence):
    """Keep a pending candidate like ADS's record, its bibcode too; whether something changed."""
    candidate = known.candidate_of(record.identifiers)
    if candidate is None or candidate.status != Candidate.Status.PENDING:
        return False
    if not bibcodes.is_bibcode(record.bibcode):
        return False
    before = [getattr(candidate, name) for name in DESCRIBED]
    others = {known.proposed[key] for key in keys_of(record.identifiers) if key in known.proposed} - {
        candidate
    }
    # ADS found that two proposals are one paper.
    delete_with_history(
        [other for other in others if other.status == Candidate.Status.PENDING],
        reason=f"one paper with {record.bibcode}, says ADS",
    )
    describe(candidate, record)
    if [getattr(candidate, name) for name in DESCRIBED] == before:
        return False
    if not candidate.evidence:
        candidate.evidence = evidence.of(record)
    candidate.save()
    known.propose(candidate)
    return True


def withdraw_decided(known, run):
    """Pending candidates that came into the database, or were blocked, another way."""
    for candidate in Candidate.objects.pending():
        blocked, entry = known.block_of(candidate.names)
        here = known.is_here(candidate.names)
        if here or (blocked and (entry is None or entry.lasts)):
            why = "is in the database" if here else "is on a blocklist"
            run.messages.append(f"{candidate.bibcode} {why} already: no candidate any more")
            delete_with_history([candidate], reason=why)


def try_rule(client, rule, by=None):
    """See what a rule finds, storing nothing but the run; a broken one fails with ADS's own message."""
    with recorded(HarvestRun.Job.TRY, client, by) as run:
        plan = SearchPlan()
        query = short_query(plan.base, plan.subtraction, plan.globals, plan.filled(rule))
        records = client.search(query, "bibcode,title")
        run.found = len(records)
        run.queries.append({"rule": rule.name, "query": query, "found": run.found})
        run.messages += [f"{record.bibcode} {record.title}" for record in records[:50]]
    return run
