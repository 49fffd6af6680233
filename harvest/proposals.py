"""What was found → candidates: new ones, changed ones, and those that are none any more."""

from harvest.evidence import Evidence
from harvest.known import Known, keys_of
from harvest.models import Candidate
from publications import bibcode as bibcodes
from publications.models.history import create_with_history, delete_with_history

DESCRIBED = [
    "bibcode", "identifiers", "title", "authors", "year", "pubdate", "doi", "arxiv", "keywords", "journal",
    "volume", "page", "abstract", "refereed", "citations",
]  # fmt: skip
# What a candidate may get of a record, and of another candidate that is the same paper.
FOLLOWED = [*DESCRIBED, "note", "suggested", "added_by_id"]


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
    return candidate is None or candidate.status != Candidate.Status.PENDING


def one_record_for_each_paper(records):
    """arXiv and journal forms that ADS has not joined yet are one paper: the journal's stands for it."""
    chosen, taken = [], {}
    for record in sorted(records, key=lambda record: (bibcodes.is_preprint(record.bibcode), record.bibcode)):
        names = {name.casefold() for name in record.identifiers}
        if not names & taken.keys():
            chosen.append(record)
        taken.update(dict.fromkeys(names))
    return chosen


def write(run, plan, records, fresh, reopened, labels):
    # Somebody may have decided while we searched: look again, and let nobody decide while we write.
    known = Known(lock=True)
    evidence = Evidence(known, plan.names)
    for record in reopened:
        reopen(record, known, run)
    run.new = len(propose([*fresh, *reopened], known, evidence, labels, run))
    for record in one_record_for_each_paper(records):
        run.changed += follow(record, known, evidence, labels)
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
        candidate.open_again()
        describe(candidate, record)
        candidate.weigh(evidence.of(record))
        known.propose(candidate)
        proposed[record.bibcode] = candidate
    create_with_history(Candidate, new, reason="found at ADS")
    for candidate in set(proposed.values()).difference(new):
        candidate.rules.clear()
        candidate.save()
    match(proposed, labels)
    return proposed


def match(proposed, labels):
    """Note which rules matched; ``proposed``: bibcode → candidate, ``labels``: rule → bibcodes."""
    matches = Candidate.rules.through
    matches.objects.bulk_create(
        [
            matches(candidate=proposed[bibcode], searchrule=rule)
            for rule, found in labels.items()
            for bibcode in sorted(found & proposed.keys())
        ],
        batch_size=1000,
    )


def reopen(record, known, run):
    """End the block of a paper that is refereed by now; the history keeps it."""
    _, entry = known.block_of(record.identifiers)
    if entry is None or entry.lasts:
        return
    delete_with_history([entry], reason="refereed now, says ADS")
    known.blocked = {key: other for key, other in known.blocked.items() if other is not entry}
    run.messages.append(f"{record.bibcode} is refereed now: its block has ended")


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


def follow(record, known, evidence, labels):
    """Keep a pending candidate like ADS's record, its bibcode and evidence too; whether something changed."""
    candidate = known.pending_of(record.identifiers)
    if candidate is None or not bibcodes.is_bibcode(record.bibcode):
        return False
    blocked, entry = known.block_of(record.identifiers)
    if known.is_here(record.identifiers) or (blocked and (entry is None or entry.lasts)):
        # ADS joined it with a paper that was judged: known by that one's names, it is withdrawn.
        candidate.identifiers = sorted({*candidate.identifiers, *record.identifiers})
        candidate.save()
        return True
    before = [getattr(candidate, name) for name in FOLLOWED]
    others = {known.proposed[key] for key in keys_of(record.identifiers) if key in known.proposed} - {
        candidate
    }
    # ADS found that two proposals are one paper.
    doubles = [other for other in others if other.status == Candidate.Status.PENDING]
    for other in doubles:
        take_words(candidate, other)
    delete_with_history(doubles, reason=f"one paper with {record.bibcode}, says ADS")
    describe(candidate, record)
    described_anew = [getattr(candidate, name) for name in FOLLOWED] != before
    held = candidate.evidence
    if held:
        learnt = evidence.learnt(record).items()
        candidate.weigh(held | {part: found for part, found in learnt if found is not None})
    else:
        # It came another way than by a search.
        candidate.weigh(evidence.of(record))
        candidate.rules.set([rule for rule, found in labels.items() if record.bibcode in found])
    if described_anew:
        candidate.save()
        known.propose(candidate)
    elif candidate.evidence != held:
        # The history keeps nothing of it.
        Candidate.objects.filter(pk=candidate.pk).update(evidence=candidate.evidence, points=candidate.points)
    return described_anew or candidate.evidence != held


def take_words(candidate, other):
    """What people said of ``other`` and asked for is said of ``candidate``."""
    candidate.note = "\n".join(filter(None, [candidate.note, other.note]))
    candidate.suggested |= other.suggested
    candidate.added_by_id = candidate.added_by_id or other.added_by_id


def withdraw_decided(known, run):
    """Pending candidates that came into the database, or were blocked, another way."""
    for candidate in Candidate.objects.pending():
        blocked, entry = known.block_of(candidate.names)
        here = known.is_here(candidate.names)
        if here or (blocked and (entry is None or entry.lasts)):
            why = "is in the database" if here else "is on a blocklist"
            run.messages.append(f"{candidate.bibcode} {why} already: no candidate any more")
            delete_with_history([candidate], reason=why)
