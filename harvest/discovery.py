"""Look at ADS for papers that nobody has judged yet.

Everything is read from ADS first and written in one transaction afterwards: a search that fails, is
partial or comes back empty by mistake changes nothing.
"""

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from harvest.ads.client import chunks
from harvest.ads.errors import AdsRateLimited, AdsResponseError, AdsUnavailable
from harvest.jobs import recorded
from harvest.known import Known, keys_of
from harvest.models import BlocklistEntry, Candidate, HarvestRun, SearchRule, Suggestion
from harvest.proposals import describe, one_record_for_each_paper, proposable, write
from harvest.rules import short_query
from harvest.search_plan import FEW, SearchPlan
from publications import bibcode as bibcodes

# Suggestions that one run looks up.
SUGGESTIONS = 40
# Papers beyond the base that one run labels: ten calls of the day's 5,000 for each rule.
OUTSIDE = 400


def discover(client, by=None, first_year=None):
    """Search, and propose what nobody has judged. Returns the `HarvestRun`.

    Raises
    ------
    AdsError, BrokenRule, AlreadyRunning
        Nothing was changed then; the run says why.
    """
    with recorded(HarvestRun.Job.HARVEST, client, by) as run:
        plan, found = search_long(client, run, SearchPlan(first_year), first_year)
        known = plan.known
        refuse_emptiness(found, known)
        fresh = one_record_for_each_paper(record for record in found if proposable(record, known, run))
        reopened = blocks_that_ended(client, run, known)
        suggested = look_up_suggestions(client, run)
        records = [*found, *look_up_others(client, run, found, known)]
        labels = search_short(client, run, plan, fresh, [*reopened, *bare_among(records, known)])
        run.progress("writing what was found")
        with transaction.atomic():
            write(run, plan, records, fresh, reopened, labels)
            answer_suggestions(run, suggested)
            Candidate.objects.rank()
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


def look_up_others(client, run, found, known):
    """Records of candidates that wait and that no search finds: added by hand, suggested, mined."""
    keys = {key for record in found for key in keys_of(record.identifiers)}
    waiting = {one for one in known.proposed.values() if one.status == Candidate.Status.PENDING}
    others = sorted(one.bibcode for one in waiting if keys.isdisjoint(keys_of(one.names)))
    if others:
        run.progress("looking up the other candidates that wait")
    try:
        return client.look_up(others)
    except (AdsRateLimited, AdsUnavailable) as error:
        # They are only kept fresh: what the search found is not lost for that.
        run.messages.append(f"{len(others)} candidates that no search finds were not looked up: {error}")
        return []


def bare_among(records, known):
    """Records, of those that are followed, of candidates that came another way than by a search."""
    followed = (one for one in one_record_for_each_paper(records) if bibcodes.is_bibcode(one.bibcode))
    return [
        record
        for record in followed
        if (candidate := known.pending_of(record.identifiers)) and not candidate.evidence
    ]


def refuse_emptiness(records, known):
    """Candidates that the rules found as they stand must be found again: none at all is an error of ADS.

    Those that a person, a miner or the end of a block brought in are labelled by rules too, but may stand
    outside the base.
    """
    if records:
        return
    scope = SearchRule.objects.of_kind(SearchRule.Kind.BASE, SearchRule.Kind.SUBTRACTION)
    changed = scope.aggregate(last=Max("changed_at"))["last"] or timezone.now()
    found = Candidate.objects.pending().filter(refereed=True, suggested=False, added_by=None)
    found = found.exclude(rules__kind=SearchRule.Kind.MINER)
    found = found.filter(
        found_at__gt=changed, rules__active=True, rules__changed_at__lt=F("found_at")
    ).distinct()
    blocked_once = set(BlocklistEntry.history.values_list("bibcode", flat=True))
    expected = [one for one in found if blocked_once.isdisjoint(one.names)]
    if any(not known.is_here(one.names) and not known.block_of(one.names)[0] for one in expected):
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


def search_short(client, run, plan, inside, outside=()):
    """Rule → bibcodes that it finds among records; no call at all when there is none.

    ``inside``: found by the search, so that many are looked for in the field as a whole; ``outside``: may
    lie beyond the base, and are named to each rule, at most `OUTSIDE` of them.
    """
    inside, outside = ({record.bibcode for record in records} for records in (inside, outside))
    if len(outside) > OUTSIDE:
        run.messages.append(f"only {OUTSIDE} of {len(outside)} papers were asked of the rules: too many")
        outside = set(sorted(outside)[:OUTSIDE])
    wanted = inside | outside
    parts = [wanted] if len(wanted) <= FEW else [inside, *chunks(sorted(outside - inside), FEW)]
    labels = {}
    for number, (rule, query) in enumerate(plan.labels.items() if wanted else ()):
        run.progress(f"rule {rule.name}", number, len(plan.labels))
        before = sum(client.calls.values())
        answers = [client.search(plan.short(query, part), "bibcode") for part in parts if part]
        labels[rule] = {record.bibcode for answer in answers for record in answer} & wanted
        calls = sum(client.calls.values()) - before
        run.queries.append(
            {"rule": rule.name, "query": query, "found": sum(map(len, answers)), "calls": calls}
        )
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
    if not suggested:
        return
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
