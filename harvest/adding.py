"""Papers that a curator adds by hand: ADS is asked what they are; those that are new become candidates."""

from django.utils import timezone

from harvest.ads.client import FEW, chunks
from harvest.discovery import search_short
from harvest.evidence import Evidence
from harvest.jobs import recorded
from harvest.known import Known, keys_of
from harvest.models import Candidate, HarvestRun, PastedList
from harvest.proposals import describe, match
from harvest.search_plan import SearchPlan
from harvest.standing import Standing, standings
from harvest.vocabulary.changes import plural
from publications import bibcode as bibcodes
from publications.models import Paper
from publications.models.history import act


def add_papers(client, pasted, by=None):
    """Ask ADS for the entries of a `PastedList` that are not known here. Returns the `HarvestRun`.

    What is here, or blocked, stays as it is; refereed or not, the others become candidates: a person
    wanted them. Doing it again asks only for what is still unknown.

    Raises
    ------
    AdsError, BrokenRule, AlreadyRunning
        Nothing was changed then; the list waits on.
    """
    with recorded(HarvestRun.Job.ADD, client, by) as run:
        plan = SearchPlan()
        asked = [entry for entry, standing in standings_of(pasted) if standing.state == "unknown"]
        run.progress("asking ADS for what was pasted", 0, len(asked))
        records = look_up(client, {name for entry in asked for name in entry["identifiers"]})
        run.found = len({record.bibcode for record in records.values()})
        fresh = [record for record in records.values() if not stands(record, plan.known)]
        labels = search_short(client, run, plan, [], fresh)
        run.progress("writing what was found")
        with act(f"added {plural(len(asked), 'paper')} by hand", pasted.by):
            write(run, plan, pasted, records, labels)
    return run


def standings_of(pasted):
    """``[(entry, Standing)]``: of what an entry names, and what ADS found for it, the first that is known."""
    names = [[*entry["identifiers"], *filter(None, [entry.get("found")])] for entry in pasted.entries]
    known = standings([name for some in names for name in some])
    return [
        (entry, next((s for name in some if (s := known[name]).state != "unknown"), Standing("unknown")))
        for entry, some in zip(pasted.entries, names, strict=True)
    ]


def look_up(client, identifiers):
    """``{identifier as written: record}``; ADS's bulk search takes bibcodes only."""
    whole = sorted(name for name in identifiers if bibcodes.is_bibcode(name))
    parts = [whole, *chunks(sorted(identifiers - {*whole}), FEW)]
    found = [record for part in parts if part for record in client.look_up(part)]
    by_key = {key: record for record in found for key in keys_of(record.identifiers)}
    return {name: by_key[key] for name in identifiers if (key := keys_of([name])[0]) in by_key}


def stands(record, known):
    """Where a record stands with us: the bibcode there, or nothing when it is new."""
    papers = known.papers_among(record.identifiers)
    if papers:
        return Paper.objects.filter(pk__in=papers).values_list("bibcode", flat=True).first()
    blocked, entry = known.block_of(record.identifiers)
    if blocked:
        return entry.bibcode if entry else record.bibcode
    candidate = known.candidate_of(record.identifiers)
    return candidate.bibcode if candidate and candidate.status == Candidate.Status.PENDING else ""


def write(run, plan, pasted, records, labels):
    # Somebody may have decided while ADS was asked.
    known = Known(lock=True)
    evidence = Evidence(known, plan.names)
    pasted = PastedList.objects.select_for_update().get(pk=pasted.pk)
    proposed = {}
    for entry in pasted.entries:
        record = next((records[name] for name in entry["identifiers"] if name in records), None)
        if record is None or not bibcodes.is_bibcode(record.bibcode):
            entry.setdefault("found", "")
            continue
        entry["found"] = stands(record, known)
        if not entry["found"]:
            entry |= {"found": record.bibcode, "new": True}
            proposed[record.bibcode] = propose(record, known, evidence, pasted)
    match(proposed, labels)
    Candidate.objects.rank()
    run.new = len(proposed)
    pasted.resolved_at = timezone.now()
    pasted.save()


def propose(record, known, evidence, pasted):
    candidate = known.candidate_of(record.identifiers) or Candidate()
    candidate.open_again()
    describe(candidate, record)
    candidate.weigh(evidence.of(record))
    candidate.added_by = pasted.by
    if pasted.why:
        candidate.note = f"{candidate.note}\n{pasted.by}, {pasted.made_at:%Y-%m-%d}: {pasted.why}".strip()
    candidate._change_reason = "added by hand"
    candidate.save()
    candidate.rules.clear()
    known.propose(candidate)
    return candidate
