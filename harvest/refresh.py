"""Read metadata anew, in bulk: follow changed bibcodes, fill bare papers, flag what is odd."""

from django.db import transaction
from django.utils import timezone

from harvest.ads.client import MOST_ROWS, chunks
from harvest.ads.errors import AdsResponseError
from harvest.curation import add_identifiers, set_authors, set_keywords
from harvest.jobs import recorded
from harvest.models import HarvestRun, PaperFlag
from harvest.notices import find_notices, flag, notice_of
from harvest.sync_diff import FEW
from publications import bibcode as bibcodes
from publications.models import Identifier, Journal, Paper
from publications.models.identifier import hold_the_door
from publications.models.search_text import reindex

RECENT_YEARS = 2
Kind = PaperFlag.Kind
FIELDS = (
    "bibcode,alternate_bibcode,identifier,doi,title,author,pub,volume,page,year,pubdate,abstract,keyword,"
    "property,doctype,citation_count"
)


def refresh_recent(client, by=None):
    """Papers of the last years, and bare ones."""
    first = timezone.now().year - RECENT_YEARS
    recent = Paper.objects.filter(year__gte=first) | Paper.objects.filter(details_read=None)
    return refresh_papers(client, by, recent)


def refresh_papers(client, by=None, papers=None):
    """Read ``papers`` (all by default) anew, 2,000 in a call. Returns the `HarvestRun`."""
    papers = Paper.objects.all() if papers is None else papers
    with recorded(HarvestRun.Job.REFRESH, client, by) as run:
        wanted = dict(papers.values_list("bibcode", "pk"))
        for number, chunk in enumerate(chunks(sorted(wanted), MOST_ROWS)):
            run.progress("reading papers anew", number * MOST_ROWS, len(wanted))
            records = client.look_up(chunk, FIELDS)
            if not records and len(chunk) > FEW:
                raise AdsResponseError(
                    f"ADS knows none of {len(chunk)} papers: that is taken for an error, nothing was changed"
                )
            with transaction.atomic():
                refresh_chunk(run, {bibcode: wanted[bibcode] for bibcode in chunk}, records)
        find_notices(client, run)
    return run


def refresh_chunk(run, wanted, records):
    """``wanted``: bibcode → id of the papers that were asked for; ``records``: all that ADS knows of them."""
    answered = {}
    for record in records:
        for bibcode in (name for name in record.identifiers if name in wanted):
            answered.setdefault(record, []).append(wanted[bibcode])
    hold_the_door()
    papers = Paper.objects.select_for_update().in_bulk(wanted.values())
    for record, pks in answered.items():
        found = [papers[pk] for pk in pks if pk in papers]
        if not found:
            continue
        paper = present_paper(record, found)
        flag_merges(paper, record, found)
        run.found += 1
        run.changed += update(paper, record, run)
    flag_vanished(run, [papers[pk] for pk in wanted.values() if pk in papers], answered)
    reindex(papers)


def present_paper(record, found):
    """Of several papers that ADS calls one, the one that stands under the present bibcode."""
    return min(found, key=lambda paper: (paper.bibcode != record.bibcode, paper.pk))


def flag_merges(paper, record, found):
    """Two papers here that ADS calls one: nothing is merged without a curator."""
    keys = [Identifier.key_of(name) for name in record.identifiers]
    others = Paper.objects.filter(identifiers__key__in=keys).exclude(pk=paper.pk).distinct()
    for other in {*others, *(one for one in found if one.pk != paper.pk)}:
        PaperFlag.objects.get_or_create(
            paper=paper,
            kind=Kind.MERGE,
            other=other,
            defaults={"note": f"ADS: {record.bibcode} is also {other.bibcode}"},
        )


def flag_vanished(run, papers, answered):
    """A paper that ADS does not know any more is flagged, never deleted; one that is back is not."""
    known = {pk for pks in answered.values() for pk in pks}
    for paper in papers:
        if paper.pk in known:
            paper.flags.filter(kind=Kind.VANISHED).delete()
        elif paper.flags.get_or_create(kind=Kind.VANISHED, other=None)[1]:
            run.messages.append(f"{paper.bibcode} is not known to ADS")


def update(paper, record, run):
    """Write what ADS says of a paper; whether something changed, citation counts aside."""
    if not bibcodes.is_bibcode(record.bibcode):
        run.errors.append(f"{paper.bibcode}: ADS gives the odd bibcode {record.bibcode!r}")
        return False
    old = {name: getattr(paper, name) for name in WRITTEN}
    was_called = paper.bibcode
    follow_bibcode(paper, record, run)
    for name, value in values_of(record).items():
        # Absence at ADS never clears what we know.
        if value not in (None, ""):
            setattr(paper, name, value)
    if paper.notice != old["notice"]:
        paper.notice_bibcode = ""
    if record.authors:
        paper.derive(first_author=record.authors[0])
    if record.citation_count is not None:
        paper.citations, paper.citations_on = record.citation_count, timezone.now().date()
    paper.details_read = timezone.now()
    changed = {name: getattr(paper, name) for name in WRITTEN} != old
    save(paper, changed, was_called)
    changed |= update_lists(paper, record)
    add_identifiers(paper, [*record.identifiers, was_called])
    if notice := notice_of(record):
        flag(paper, notice, record)
    return changed


WRITTEN = [
    "bibcode",
    "title",
    "year",
    "pubdate",
    "journal_id",
    "volume",
    "page",
    "doi",
    "arxiv",
    "abstract",
    "refereed",
    "notice",
]


def values_of(record):
    return {
        "title": record.title,
        "year": record.year,
        "pubdate": record.pubdate,
        "volume": record.volume[:60],
        "page": record.page[:60],
        "doi": record.doi[:250],
        "arxiv": record.arxiv[:40],
        "abstract": record.abstract,
        "refereed": record.refereed,
        "notice": notice_of(record),
    }


def follow_bibcode(paper, record, run):
    """Adopt ADS's present bibcode; the old one stays among the identifiers."""
    if record.bibcode == paper.bibcode or Paper.objects.filter(bibcode=record.bibcode).exists():
        return
    run.messages.append(f"{paper.bibcode} is {record.bibcode} now")
    paper.bibcode = record.bibcode
    bibstem = bibcodes.parse(record.bibcode).bibstem
    paper.journal, _ = Journal.objects.get_or_create(bibstem=bibstem, defaults={"name": record.pub})


def save(paper, changed, was_called):
    """A line of history only when more changed than a count."""
    if not changed:
        paper.skip_history_when_saving = True
    paper._change_reason = "read from ADS" if paper.bibcode == was_called else f"was {was_called} at ADS"
    try:
        paper.save()
    finally:
        paper.__dict__.pop("skip_history_when_saving", None)


def update_lists(paper, record):
    """Authors and keywords; a name that our own list has in full is not replaced by nothing."""
    changed = False
    authors = [name for name in record.authors if name]
    if authors and authors != list(
        paper.authorships.order_by("position").values_list("author__name", flat=True)
    ):
        set_authors(paper, authors)
        if not paper.authors_complete:
            Paper.objects.filter(pk=paper.pk).update(authors_complete=True)
        changed = True
    if record.keywords and set(record.keywords) != set(paper.keywords.values_list("name", flat=True)):
        set_keywords(paper, record.keywords)
        changed = True
    return changed
