"""The lists of other databases, from their addresses or from files. Knows no models.

ESO telbib answers with XML, 500 papers a page, and says how many there are; OiDB with a table of its TAP
service, which cuts long answers; JMDC with one CSV. A list that is not whole is an error, never shorter.
"""

import csv
import io
import re
from xml.etree.ElementTree import ParseError

import requests
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings

from publications import bibcode as bibcodes

TIMEOUT = (5, 75)
TAP_ROWS = 2000
BIBCODE_COLUMNS = ("bibcode", "bib_reference", "reference")
NO_BIBCODE = "............"
INTERFEROMETRY = re.compile("[13]")


class BrokenSource(Exception):
    """The list cannot be had or understood, or it would remove too much; nothing was changed."""


class SourceUnavailable(BrokenSource):
    """The other database is out of reach or broken at the moment; asking again may help."""


class SourceLists:
    """Bibcode → whether interferometry measured it, of each source. ``calls``: requests made, by source."""

    def __init__(self):
        self.calls = {}
        self.session = requests.Session()
        self.session.headers["User-Agent"] = f"olbin-publications ({settings.SITE_URL})"

    def read(self, source):
        """The list of ``telbib``, ``oidb`` or ``jmdc``.

        Raises
        ------
        BrokenSource
        """
        return getattr(self, source)()

    def jmdc(self):
        return read_list(self.get("jmdc", address("JMDC_URL")))

    def telbib(self):
        """Page after page, until as many papers came as telbib announces."""
        listed, papers, announced = {}, 0, None
        while announced is None or papers < announced:
            text = self.get("telbib", address("TELBIB_URL"), {"start": papers} if papers else {})
            if not is_xml(text):
                return read_list(text)
            announced, page = read_telbib(text)
            if not page and papers < announced:
                raise BrokenSource(f"telbib announces {announced} papers and gives {papers}")
            papers += len(page)
            listed |= measured(page)
        return filled(listed)

    def oidb(self):
        """All references of OiDB's table, until a page brings no new one: it does not say when it cuts."""
        url, found, last = address("OIDB_TAP_URL"), {}, ""
        while True:
            where = "WHERE bib_reference > '{}' ".format(last.replace("'", "''")) if last else ""
            query = f"SELECT DISTINCT TOP {TAP_ROWS} bib_reference FROM oidb {where}ORDER BY bib_reference"  # noqa: S608 (quoted)
            asked = {"REQUEST": "doQuery", "LANG": "ADQL", "FORMAT": "csv", "QUERY": query}
            rows = list(csv.reader(io.StringIO(self.get("oidb", f"{url}/sync", asked))))
            if not rows or [name.strip().casefold() for name in rows[0]] != ["bib_reference"]:
                raise BrokenSource(f"{url} did not answer with a table of bib_reference")
            page = [row[0] for row in rows[1:] if row and row[0].strip()]
            if not set(page) - found.keys():
                return filled(measured(found))
            found |= dict.fromkeys(page)
            last = page[-1]

    def get(self, source, url, parameters=None):
        self.calls[source] = self.calls.get(source, 0) + 1
        try:
            response = self.session.get(url, params=parameters, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise SourceUnavailable(f"no list from {url} ({type(error).__name__})") from error
        if response.status_code == 429 or response.status_code >= 500:
            raise SourceUnavailable(f"{url} answered {response.status_code}")
        if not response.ok:
            raise BrokenSource(f"{url} answered {response.status_code}")
        return response.text


def address(name):
    url = getattr(settings, name)
    if not url:
        raise BrokenSource(f"{name} is empty: set it, or give a file")
    return url


def read_list(text):
    """Bibcode → whether interferometry measured it, from CSV, telbib's XML or a bare list of bibcodes.

    With a column ``METHOD``, 1 or 3 in it means interferometry (JMDC); without, everything counts.

    Raises
    ------
    BrokenSource
    """
    if is_xml(text):
        announced, papers = read_telbib(text)
        if len(papers) < announced:
            raise BrokenSource(f"it announces {announced} papers and holds {len(papers)}: give all pages")
        return filled(measured(papers))
    rows = [row for row in csv.reader(text.lstrip("\ufeff").splitlines()) if row]
    header = [name.strip().casefold() for name in rows[0]] if rows else []
    column = next((header.index(name) for name in BIBCODE_COLUMNS if name in header), None)
    if column is None:
        return filled(measured(re.split(r"[\s,;\"]+", text)))
    method = header.index("method") if "method" in header else None
    listed = {}
    for row in (row for row in rows[1:] if len(row) > column):
        by_method = method is None or (len(row) > method and bool(INTERFEROMETRY.search(row[method])))
        for bibcode in measured([row[column]]):
            listed[bibcode] = listed.get(bibcode, False) or by_method
    return filled(listed)


def is_xml(text):
    return text.lstrip("\ufeff \r\n").startswith("<")


def read_telbib(text):
    """(how many papers telbib has, the bibcode of each paper of this page)."""
    try:
        root = fromstring(text.lstrip("\ufeff \r\n"))
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BrokenSource(f"it is neither a table nor telbib's XML: {error}") from error
    announced = (root[0].text or "").strip() if len(root) else ""
    if not announced.isdecimal():
        raise BrokenSource("it is XML, but does not begin with a number of papers, as telbib's does")
    return int(announced), [paper.findtext("bibcode", "") for paper in root[1:]]


def measured(texts):
    """Those of ``texts`` that are bibcodes of a paper, as measured by interferometry."""
    stripped = [text.strip() for text in texts]
    return {text: True for text in stripped if NO_BIBCODE not in text and bibcodes.is_bibcode(text)}


def filled(listed):
    if not listed:
        raise BrokenSource("there is no bibcode in it: an empty list is taken for an error")
    return listed
