"""Look at ADS for papers that nobody has judged yet.

Everything is read from ADS first and written in one transaction afterwards: a search that fails, is
partial or comes back empty by mistake changes nothing.
"""

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from harvest.ads.errors import AdsResponseError, AdsUnavailable
from harvest.jobs import recorded
from harvest.known import Known, keys_of
from harvest.models import BlocklistEntry, Candidate, HarvestRun, SearchRule, Suggestion
from harvest.proposals import describe, one_record_for_each_paper, proposable, write
from harvest.rules import short_query
from harvest.search_plan import SearchPlan
from publications import bibcode as bibcodes

# Suggestions that one run looks up.
SUGGESTIONS = 40


def discover(client, by=None, first_year=None):
    """Search, and propose what nobody has judged. Returns the `HarvestRun`.

    Raises
    ------
    AdsError, BrokenRule, AlreadyRunning
        Nothing was changed then; the run says why.
    """
    with recorded(HarvestRun.Job.HARVEST, client, by) as run:
        plan, records = search_long(client, run, SearchPlan(first_year), first_year)
        known = plan.known
        refuse_emptiness(records, known)
        fresh = one_record_for_each_paper(record for record in records if proposable(record, known, run))
        reopened = blocks_that_ended(client, run, known)
        suggested = look_up_suggestions(client, run)
        bare = [record for record in records if lacks_evidence(record, known)]
        labels = search_short(client, run, plan, {record.bibcode for record in [*fresh, *reopened, *bare]})
        run.progress("writing what was found")
        with transaction.atomic():
            write(run, plan, records, fresh, reopened, labels)
            answer_suggestions(run, suggested)
    return run


def search_long(client, run, plan, first_year):
    """All that the rules find, with the plan that found it: a library that is gone is not subtracted."""
    try:
        return plan, search_each(client, run, plan)
    except AdsUnavailable:
        gone = plan.gone_libraries(client)
        if not gone:
            raise
    run.messages.append(
        f"{', '.join(gone)}: not at ADS any more, or not for us; an administrator clears its ADS id"
    )
    plan = SearchPlan(first_year, without=gone)
    return plan, search_each(client, run, plan)


def search_each(client, run, plan):
    found = {}
    for query in plan.long():
        run.progress("searching")
        answer = client.search(query)
        run.queries.append({"query": query, "found": len(answer)})
        found |= {record.bibcode: record for record in answer}
    run.found = len(found)
    return list(found.values())


def lacks_evidence(record, known):
    """Whether a record is a candidate that came another way than by a search."""
    candidate = known.candidate_of(record.identifiers)
    return candidate is not None and candidate.status == Candidate.Status.PENDING and not candidate.evidence


def refuse_emptiness(records, known):
    """Candidates that the rules found as they stand must be found again: none at all is an error of ADS.

    Those that a person or a miner brought in are labelled by rules too, but may stand outside the base.
    """
    if records:
        return
    scope = SearchRule.objects.of_kind(SearchRule.Kind.BASE, SearchRule.Kind.SUBTRACTION)
    changed = scope.aggregate(last=Max("changed_at"))["last"] or timezone.now()
    expected = (
        Candidate.objects.pending()
        .filter(
            refereed=True,
            found_at__gt=changed,
            rules__active=True,
            rules__changed_at__lt=F("found_at"),
            added_by=None,
        )
        .exclude(rules__kind=SearchRule.Kind.MINER)
    )
    if any(not known.is_here(one.names) and not known.block_of(one.names)[0] for one in expected.distinct()):
        raise AdsResponseError("the search came back empty although candidates wait that it must find")


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
        if record.refereed
        and bibcodes.is_bibcode(record.bibcode)
        and not known.is_here(record.identifiers)
        and not known.is_filtered(record.bibcode)
    ]


def search_short(client, run, plan, wanted):
    """Rule → bibcodes among ``wanted`` that it finds; no call at all when nothing is new."""
    labels = {}
    if not wanted:
        return labels
    for number, (rule, query) in enumerate(plan.labels.items()):
        run.progress(f"rule {rule.name}", number, len(plan.labels))
        before = sum(client.calls.values())
        answer = client.search(plan.short(query, wanted), "bibcode")
        calls = sum(client.calls.values()) - before
        run.queries.append({"rule": rule.name, "query": query, "found": len(answer), "calls": calls})
        labels[rule] = {record.bibcode for record in answer} & wanted
    return labels


def look_up_suggestions(client, run):
    """Suggestion → ADS's record, or None, for papers that visitors miss."""
    waiting = list(Suggestion.objects.to_look_up())
    if not waiting:
        return {}
    run.progress("looking up what visitors suggested")
    records = client.look_up([suggestion.identifier for suggestion in waiting][:SUGGESTIONS])
    by_key = {key: record for record in records for key in keys_of(record.identifiers)}
    return {
        suggestion: by_key.get(keys_of([suggestion.identifier])[0]) for suggestion in waiting[:SUGGESTIONS]
    }


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
            candidate.open_again()
            describe(candidate, record)
            candidate.suggested = True
            candidate.note = f"{candidate.note}\na visitor: {suggestion.text}".strip()
            candidate.save()
            known.propose(candidate)
            suggestion.answer = f"candidate {record.bibcode}"
            suggestion.settled = True
        suggestion.save()


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
