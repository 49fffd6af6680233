"""SIMBAD's objects → targets, aliases and links of our papers.

A paper is done when all its objects are stored; that is remembered, so that a run goes on where
another one stopped. Nothing that a curator or JMDC said is weakened or taken away.
"""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from harvest.jobs import recorded
from harvest.models import HarvestRun
from harvest.objects import REASON, batches, store_targets
from publications.bibcode import is_bibcode
from publications.folding import fold, target_words
from publications.models import Identifier, Paper, RemovedLink, SimbadReading, TargetLink
from publications.models.history import create_with_history, update_with_history
from publications.models.simbad import CATALOGUE

READ_AGAIN_AFTER = timedelta(days=90)
PAPERS_AT_ONCE = 200
OBJECTS_AT_ONCE = 5_000
NAMES_AT_ONCE = 1_000
Kind = TargetLink.Kind


def papers_to_ask(now=None):
    """Papers never asked for, and those asked for long ago; the former first."""
    long_ago = (now or timezone.now()) - READ_AGAIN_AFTER
    due = Q(simbad_reading__isnull=True) | Q(simbad_reading__read_at__lt=long_ago)
    return Paper.objects.filter(due).order_by(F("simbad_reading__read_at").asc(nulls_first=True), "pk")


def resolve_targets(simbad, by=None, papers=None):
    """Link the targets of ``papers`` (keys), by default of those that are due. Returns the `HarvestRun`.

    Raises
    ------
    SimbadError, AlreadyRunning
        What was read until then is kept.
    """
    with recorded(HarvestRun.Job.TARGETS, simbad, by) as run:
        keys = list(papers_to_ask().values_list("pk", flat=True)) if papers is None else papers
        for part in batches(keys, PAPERS_AT_ONCE):
            run.progress("asking SIMBAD", run.found, len(keys))
            resolve(simbad, part, run)
            run.found += len(part)
    return run


def resolve(simbad, keys, run):
    """Link the targets of some papers."""
    references = references_of(simbad, keys)
    objects = sum(reference.objects for own in references.values() for reference in own)
    run.queries.append({"query": f"objects of {len(keys)} papers", "found": objects})
    for part in slices(references):
        read(simbad, part, run)
    remember([key for key in keys if key not in references], {})


def references_of(simbad, keys):
    """``{paper: [Reference]}``; asked for under every bibcode that a paper has or had, and by DOI."""
    owners, bibcodes, dois = {}, [], []
    for paper, value in Identifier.objects.filter(paper__in=keys).values_list("paper_id", "value"):
        owners[value if is_bibcode(value) else value.casefold()] = paper
        (bibcodes if is_bibcode(value) else dois).append(value)
    dois = [value for value in dois if value.startswith("10.")]
    found = defaultdict(dict)
    for column, identifiers in (("bibcode", bibcodes), ("doi", dois)):
        if identifiers:
            for reference in simbad.references(identifiers, column):
                paper = owners.get(reference.bibcode) or owners.get(reference.doi.casefold())
                if paper:
                    found[paper][reference.oidbib] = reference
    return {paper: list(references.values()) for paper, references in found.items()}


def slices(references):
    """Parts of ``references`` with about `OBJECTS_AT_ONCE` objects each; a larger paper is one by itself."""
    part, size = {}, 0
    for paper, own in sorted(references.items()):
        objects = sum(reference.objects for reference in own)
        if part and size + objects > OBJECTS_AT_ONCE:
            yield part
            part, size = {}, 0
        part[paper] = own
        size += objects
    if part:
        yield part


def read(simbad, part, run):
    """Store all objects of a part, then remember that its papers were read."""
    paper_of = {reference.oidbib: paper for paper, own in part.items() for reference in own}
    linked = defaultdict(set)
    for page in simbad.mentions([reference for own in part.values() for reference in own]):
        names = {}
        for oids in batches(sorted({mention.oid for mention in page}), NAMES_AT_ONCE):
            names |= simbad.names(oids)
        with transaction.atomic():
            targets = store_targets(page, names)
            for paper, target in link(page, paper_of, targets, names, run):
                linked[paper].add(target)
    counts = {paper: len(linked[paper]) for paper in part}
    with transaction.atomic():
        for paper in part:
            forget(paper, linked[paper])
        remember(part, counts)


def forget(paper, targets):
    """Delete the links that only SIMBAD's list had and has no more."""
    listed = TargetLink.objects.filter(paper=paper, kind=Kind.LISTED)
    gone = [pk for pk, target in listed.values_list("pk", "target_id") if target not in targets]
    for keys in batches(gone, 500):
        listed.filter(pk__in=keys).delete()


def link(page, paper_of, targets, names, run):
    """Make or refresh the links of a page; returns its (paper, target) pairs."""
    mentions = {}
    for mention in page:
        mentions[paper_of[mention.oidbib], targets[mention.oid].pk] = mention
    papers = {paper for paper, _ in mentions}
    texts = {
        paper.pk: text_of(paper) for paper in Paper.objects.filter(pk__in=papers).prefetch_related("keywords")
    }
    removed = set(RemovedLink.objects.filter(paper__in=papers).values_list("paper_id", "target_id"))
    there = {(old.paper_id, old.target_id): old for old in TargetLink.objects.filter(paper__in=papers)}
    made, changed = [], []
    for (paper, target), mention in mentions.items():
        if (paper, target) in removed:
            continue
        kind = (
            Kind.NAMED if is_named([mention.name, *names.get(mention.oid, ())], texts[paper]) else Kind.LISTED
        )
        old = there.get((paper, target))
        if old is None:
            made.append(TargetLink(paper_id=paper, target_id=target, kind=kind, mentions=mention.times))
        elif refresh(old, kind, mention.times):
            changed.append(old)
    create_with_history(TargetLink, made, reason=REASON)
    update_with_history(TargetLink, changed, ["kind", "mentions"], reason=REASON)
    run.new += len(made)
    run.changed += len(changed)
    return mentions.keys()


def refresh(old, kind, times):
    """Whether anything of a link changed. What JMDC and curators said stays."""
    before = old.kind, old.mentions
    old.mentions = times
    if old.kind in (Kind.LISTED, Kind.NAMED):
        old.kind = kind
    return (old.kind, old.mentions) != before


def text_of(paper):
    """Title, keywords and abstract, folded, between spaces."""
    keywords = " ".join(keyword.name for keyword in paper.keywords.all())
    return f" {fold(f'{paper.title} . {keywords} . {paper.abstract}')} "


def is_named(names, text):
    """Whether a text names the object: ``HD 39801``, ``HD39801`` or ``alpha Ori``, as whole words."""
    for name in names:
        words = target_words(name)
        if len("".join(words)) > 2 and (f" {' '.join(words)} " in text or f" {''.join(words)} " in text):
            return True
    return False


def remember(papers, counts):
    now = timezone.now()
    readings = [
        SimbadReading(
            paper_id=paper,
            read_at=now,
            objects_count=counts.get(paper, 0),
            catalogue=counts.get(paper, 0) > CATALOGUE,
        )
        for paper in papers
    ]
    SimbadReading.objects.bulk_create(
        readings,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["paper"],
        update_fields=["read_at", "objects_count", "catalogue"],
    )
