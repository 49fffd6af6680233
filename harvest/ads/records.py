"""What ADS says of a paper, as a typed object. Everything behind this border is never raw JSON."""

import re
import unicodedata
from dataclasses import dataclass, field

FIELDS = (
    "bibcode,alternate_bibcode,identifier,doi,title,author,pub,volume,page,year,pubdate,abstract,keyword,"
    "property,doctype,citation_count,entry_date,reference,citation"
)
ARXIV = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class AdsRecord:
    """``identifiers``: all bibcodes, DOIs, arXiv ids; the present bibcode first. Unknown = empty."""

    bibcode: str
    identifiers: tuple = ()
    title: str = ""
    authors: tuple = ()
    pub: str = ""
    year: int | None = None
    pubdate: str | None = None
    doi: str = ""
    arxiv: str = ""
    volume: str = ""
    page: str = ""
    abstract: str = ""
    keywords: tuple = ()
    refereed: bool = False
    doctype: str = ""
    citation_count: int | None = None
    references: frozenset = field(default=frozenset(), repr=False)
    citations: frozenset = field(default=frozenset(), repr=False)


def read_record(document):
    """An `AdsRecord` from a document of a search; a field that was not asked for stays empty.

    Raises
    ------
    ValueError
        When there is no bibcode.
    """
    bibcode = document.get("bibcode")
    if not isinstance(bibcode, str) or not bibcode:
        raise ValueError(f"a record of ADS without a bibcode: {str(document)[:80]}")
    dois = texts(document, "doi")
    identifiers = [bibcode, *texts(document, "alternate_bibcode"), *texts(document, "identifier"), *dois]
    arxiv = next((found[1] for name in identifiers if (found := ARXIV.fullmatch(name))), "")
    abstract = " ".join(texts(document, "abstract"))
    return AdsRecord(
        bibcode=bibcode,
        identifiers=tuple(dict.fromkeys(identifiers)),
        title=" ".join(texts(document, "title")[:1]),
        authors=tuple(texts(document, "author")),
        pub=" ".join(texts(document, "pub")),
        year=number(document.get("year")),
        pubdate=pubdate(document.get("pubdate")),
        doi=dois[0] if dois else "",
        arxiv=arxiv,
        volume=" ".join(texts(document, "volume")),
        page=" ".join(texts(document, "page")[:1]),
        abstract="" if abstract.startswith("Not Available") else abstract,
        keywords=tuple(dict.fromkeys(texts(document, "keyword"))),
        refereed="REFEREED" in texts(document, "property"),
        doctype=" ".join(texts(document, "doctype")),
        citation_count=number(document.get("citation_count")),
        references=frozenset(texts(document, "reference")),
        citations=frozenset(texts(document, "citation")),
    )


def texts(document, name):
    """The values of a field as a list of texts, whether ADS gave one, many or none."""
    value = document.get(name)
    values = value if isinstance(value, list) else [value]
    return [shown for one in values if one is not None and (shown := printable(str(one)).strip())]


def printable(text):
    """``text`` on one line, without what is not seen: no database and no import would take all of it."""
    if text.isprintable():
        return text
    seen = (c if c.isprintable() else "" if unicodedata.category(c) == "Cf" else " " for c in text)
    return " ".join("".join(seen).split())


def number(value):
    try:
        return int(float(value))
    except (TypeError, ValueError):
        return None


def pubdate(value):
    """``YYYY-MM-DD`` with 00 for unknown parts, or None."""
    match = re.fullmatch(r"(\d{4})-(0\d|1[0-2])(?:-([0-2]\d|3[01]))?", value or "")
    return f"{match[1]}-{match[2]}-{match[3] or '00'}" if match else None
