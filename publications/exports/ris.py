"""papers.ris: the tagged format that reference managers import. It has no comments."""

from django.conf import settings

from publications.exports.bibtex import kind
from publications.exports.records import records
from publications.marking import without_markup
from publications.page_range import first_and_last

KINDS = {"ARTICLE": "JOUR", "INPROCEEDINGS": "CPAPER", "PHDTHESIS": "THES"}


def papers_ris(papers, categories, number):
    """Yield RIS for ``papers``; ``number`` of them is not said, for want of a place."""
    for record in records(papers, categories):
        yield "".join(f"{tag}  - {line(value)}\r\n" for tag, value in described(record) if value)
        yield "ER  - \r\n\r\n"


def line(value):
    """One line of text: a break would begin another field."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())


def described(record):
    yield "TY", KINDS[kind(record)]
    yield "TI", without_markup(record.title)
    for name, _ in record.authors:
        yield "AU", name
    yield "PY", record.year
    yield "DA", date(record.pubdate)
    yield "T2" if kind(record) == "INPROCEEDINGS" else "JO", record.journal or record.bibstem
    yield "VL", record.volume
    first, last = first_and_last(record.page)
    yield "SP", first
    yield "EP", last
    yield "DO", record.doi
    yield "AN", record.bibcode
    for name in record.keywords:
        yield "KW", name
    if record.authors_complete is False:
        yield "N1", "The list of authors is not complete."
    if record.arxiv:
        yield "N1", f"arXiv:{record.arxiv.removeprefix('arXiv:')}"
    yield "UR", f"{settings.SITE_URL}/papers/{record.bibcode}/"


def date(pubdate):
    """``2012-04-00`` → ``2012/04//``, as RIS writes a date with unknown parts."""
    if not pubdate:
        return ""
    year, month, day = pubdate.split("-")
    return "/".join([year, month.replace("00", ""), day.replace("00", ""), ""])
