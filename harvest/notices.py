"""Retractions and errata: what a record says of itself, and the notices that ADS has on papers here."""

import re

from harvest.ads.errors import AdsUnavailable
from harvest.known import keys_of
from harvest.models import PaperFlag
from publications.folding import fold
from publications.models import Identifier, Library, Paper

Kind = PaperFlag.Kind
Notice = Paper.Notice
RETRACTED = re.compile(
    r"\W*(?:retracted|retraction|withdrawn)\b(?:\s+(?:article|paper|note|notice))?\s*(?::|\]|\)|of\b|to\b|[-–—])",
    re.IGNORECASE,
)
ERRATUM = re.compile(r"\W*(?:erratum|errata|corrigendum)\b|.*\((?:erratum|corrigendum)\)\W*\Z", re.IGNORECASE)
# A shorter title stands inside too many others.
SHORTEST_TITLE = 15


def notice_of(record):
    """What a record says of itself: `Notice.RETRACTED` (it retracts, or is), `Notice.ERRATUM`, or ""."""
    if record.doctype == "retraction" or RETRACTED.match(record.title):
        return Notice.RETRACTED
    if record.doctype == "erratum" or ERRATUM.match(record.title):
        return Notice.ERRATUM
    return ""


def flag(paper, notice, record):
    """Tell the curators of a notice, once."""
    kind = Kind.RETRACTED if notice == Notice.RETRACTED else Kind.ERRATUM
    paper.flags.get_or_create(
        kind=kind, other=None, defaults={"note": f"ADS: {record.bibcode} {record.title}"}
    )


def find_notices(client, run):
    """Look at ADS for retractions and errata of papers here: they cite the paper, and repeat its title.

    One search, in the library of our papers; without one that is bound, none.
    """
    library = Library.objects.filter(name="olbin-refereed").exclude(ads_id=None).first()
    if library is None:
        return
    run.progress("looking for retractions and errata")
    query = f"doctype:(erratum OR retraction) citations(docs(library/{library.ads_id}))"
    try:
        records = client.search(query, "bibcode,title,doctype,reference")
    except AdsUnavailable:
        if client.libraries.exists(library.ads_id):
            raise
        run.messages.append(
            f"{library}: not at ADS any more, or not for us; an administrator clears its ADS id"
        )
        return
    run.queries.append({"query": query, "found": len(records)})
    for record in records:
        keys = keys_of(record.references)
        cited = Identifier.objects.filter(key__in=keys).values("paper")
        for paper in Paper.objects.filter(pk__in=cited).exclude(bibcode=record.bibcode):
            if repeats_title(record, paper):
                run.changed += mark(paper, record)


def repeats_title(record, paper):
    title = fold(paper.title)
    return len(title) >= SHORTEST_TITLE and f" {title} " in f" {fold(record.title)} "


def mark(paper, record):
    """Show a notice with the paper; whether that is new. A retraction counts most, then the latest."""
    notice = Notice.RETRACTED if notice_of(record) == Notice.RETRACTED else Notice.CORRECTED
    shown = (paper.notice == Notice.RETRACTED, paper.notice_bibcode)
    if paper.notice == Notice.ERRATUM or (notice == Notice.RETRACTED, record.bibcode) <= shown:
        return False
    paper.notice, paper.notice_bibcode = notice, record.bibcode
    paper._change_reason = "read from ADS"
    paper.save()
    flag(paper, notice, record)
    return True
