"""A query that is as a whole one identifier of a paper, however it was copied. Pure."""

import html
import re
from urllib.parse import unquote

from publications.bibcode import is_bibcode
from publications.search.terms import ARXIV, DOI

ADDRESS = re.compile(r"(?:https?://)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/\S+", re.IGNORECASE)
# ui.adsabs.harvard.edu/abs/…/abstract, /#abs/…, /link_gateway/…/PUB_PDF, and ADS's older mirrors.
ADS = re.compile(r"(?:/|#)(?:abs|full|pdf|link_gateway)/([^/?#\s]{19})(?:[/?#]|$)")
ARXIV_ADDRESS = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html|format)/|/abs/arxiv:)([a-z-]+(?:\.[a-z]{2})?/\d{7}|\d{4}\.\d{4,5})", re.I
)
DOI_INSIDE = re.compile(r"\b10\.\d{4,9}/[^\s?#]+")
# What publishers put behind a DOI in an address.
BEHIND_DOI = re.compile(
    r"/(?:abstract|meta|pdf|epdf|full|fulltext|html|references)/?$|\.(?:pdf|short|full|html)$"
)
NATURE = re.compile(r"nature\.com/articles/([a-z0-9.-]+)", re.I)
# aa34563-18 is 10.1051/0004-6361/201834563, since 2005.
AANDA = re.compile(r"aanda\.org/.*/aa(\d{5})-(\d\d)(?:[/.]|$)", re.I)


def recognise(q):
    """The bibcode, DOI or arXiv id that ``q`` is as a whole, or None.

    Accepted beside the bare identifier: ``doi:`` and ``arXiv:`` in front, the addresses of ADS,
    doi.org, arXiv and journals; ``&`` also as ``%26`` or ``&amp;``.
    """
    text = html.unescape(q.strip().strip("<>"))
    if is_bibcode(text):
        return text
    text = text.rstrip(".,;")
    if not text or len(text) > 500 or re.search(r"\s", re.sub(r"^(?:doi|arxiv):\s+", "", text, flags=re.I)):
        return None
    text = unquote(text) if "%" in text else text
    # Decoded, an address may hold a null character, which PostgreSQL refuses.
    if not text.isprintable():
        return None
    if is_bibcode(text):
        return text
    if ARXIV.fullmatch(text):
        return re.sub(r"^arxiv:", "", text, flags=re.I)
    if ADDRESS.fullmatch(text):
        return in_address(text)
    return re.sub(r"^doi:\s*", "", text, flags=re.I) if DOI.fullmatch(text) else None


def in_address(address):
    """The identifier that an address names, or None."""
    if (ads := ADS.search(address)) and is_bibcode(ads[1]):
        return ads[1]
    if arxiv := ARXIV_ADDRESS.search(address):
        return arxiv[1]
    if doi := DOI_INSIDE.search(address):
        return BEHIND_DOI.sub("", doi[0]).rstrip("/")
    if nature := NATURE.search(address):
        return "10.1038/" + nature[1].removesuffix(".pdf")
    if aanda := AANDA.search(address):
        return f"10.1051/0004-6361/20{aanda[2]}{aanda[1]}"
    return None
