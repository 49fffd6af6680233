"""SIMBAD's bibliography by TAP: the only HTTP to SIMBAD. Knows no models.

Papers are uploaded as a table and joined with SIMBAD's own. An answer that the service cut is
continued where it was cut; one that is not whole or not understood is an error, never a result.
"""

import logging
import random
import time
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

import requests
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings

from publications.folding import SHORT_GREEK, target_words
from publications.vo import votable
from publications.vo.votable import Field

logger = logging.getLogger(__name__)

TIMEOUT = (5, 300)
TRIES = 5
LONGEST_WAIT = 60
# CDS blocks addresses that ask more often than six times a second: a job asks five times, visitors once.
PACE = 0.2
VISITORS = {"pace": 1.0, "timeout": (5, 20), "tries": 3}
DEFAULT_ROWS = 10_000

REFERENCES = """
SELECT r.oidbib, r.bibcode, r.doi, COUNT(hr.oidref) AS objects
FROM TAP_UPLOAD.papers AS u JOIN ref AS r ON r.{column} = u.identifier
LEFT OUTER JOIN has_ref AS hr ON hr.oidbibref = r.oidbib
WHERE r.oidbib > {after} GROUP BY r.oidbib, r.bibcode, r.doi ORDER BY oidbib
"""
OBJECTS = """
SELECT b.oid, hr.oidbibref, hr.obj_freq, b.main_id, b.ra, b.dec, b.pmra, b.pmdec, b.otype
FROM TAP_UPLOAD.refs AS u JOIN has_ref AS hr ON hr.oidbibref = u.oidbib
JOIN basic AS b ON b.oid = hr.oidref
WHERE b.oid > {after} ORDER BY oid
"""
NAMES = """
SELECT i.oidref, i.id FROM TAP_UPLOAD.objects AS u JOIN ident AS i ON i.oidref = u.oid
WHERE i.oidref > {after} ORDER BY oidref
"""


OBJECT = """
SELECT DISTINCT b.oid, b.main_id, b.ra, b.dec, b.otype FROM ident AS i JOIN basic AS b ON b.oid = i.oidref
WHERE {names} ORDER BY oid
"""
LONG_GREEK = {long: short for short, long in SHORT_GREEK.items()}


class SimbadError(Exception):
    """SIMBAD did not do what was asked."""


class SimbadUnavailable(SimbadError):
    """SIMBAD is out of reach, too slow, or its answer broke off; asking again may help."""


class SimbadRefused(SimbadError):
    """SIMBAD refuses the query, or its answer makes no sense: a person must look."""


class Reference(NamedTuple):
    """A paper at SIMBAD; ``objects``: how many it is linked with."""

    oidbib: int
    bibcode: str
    doi: str
    objects: int


class Mention(NamedTuple):
    """An object of a paper; position ICRS J2000.0 in degrees, motion mas/yr, None when not known."""

    oid: int
    oidbib: int
    times: int | None
    name: str
    ra: float | None
    dec: float | None
    pmra: float | None
    pmdec: float | None
    otype: str


class Object(NamedTuple):
    """An object by one of its names; position ICRS J2000.0 in degrees, None when not known."""

    oid: int
    name: str
    ra: float | None
    dec: float | None
    otype: str


class Simbad:
    """``pace`` is the least time between two requests in seconds. ``calls``: requests made, by endpoint."""

    def __init__(self, url, *, session=None, pace=PACE, timeout=TIMEOUT, tries=TRIES, sleep=time.sleep,
                 clock=time.monotonic):  # fmt: skip
        self.url = url.rstrip("/")
        self.timeout, self.tries = timeout, tries
        self.session = session or requests.Session()
        self.session.headers["User-Agent"] = f"olbin-publications ({settings.SITE_URL})"
        self.pace, self.sleep, self.clock = pace, sleep, clock
        self.next_request = 0.0
        self.most_rows = None
        self.calls = {}

    @classmethod
    def from_settings(cls, **options):
        return cls(settings.SIMBAD_TAP_URL, **options)

    def references(self, identifiers, column):
        """`Reference`s of the papers with these bibcodes or DOIs; ``column`` says which they are."""
        uploads = {"papers": ([text_field("identifier")], [[identifier] for identifier in identifiers])}
        for page in self.pages(REFERENCES.replace("{column}", column), uploads):
            for oidbib, bibcode, doi, objects in page:
                yield Reference(int(oidbib), bibcode.strip(), doi.strip(), int(objects))

    def mentions(self, references):
        """Pages (lists) of the `Mention`s of ``references``, by object; each object is on one page only."""
        uploads = {"refs": ([number_field("oidbib")], [[reference.oidbib] for reference in references])}
        for page in self.pages(OBJECTS, uploads):
            yield [mention(row) for row in page]

    def names(self, oids):
        """``{oid: [name]}``: every identifier of the objects."""
        names = {oid: [] for oid in oids}
        uploads = {"objects": ([number_field("oid")], [[oid] for oid in oids])}
        for page in self.pages(NAMES, uploads):
            for oid, name in page:
                names[int(oid)].append(" ".join(name.split()))
        return names

    def identify(self, name):
        """(`Object`, its names) of the object that is called so; None when there is none."""
        names = " OR ".join(f"i.id = {literal(spelling)}" for spelling in spellings(name))
        rows, _ = self.query(OBJECT.replace("{names}", names), {})
        if not rows:
            return None
        oid, main_name, ra, dec, otype = rows[0]
        place = (float(ra), float(dec)) if ra and dec else (None, None)
        found = Object(int(oid), " ".join(main_name.split()), *place, otype)
        return found, self.names([found.oid])[found.oid]

    def pages(self, adql, uploads):
        """Pages of rows that together are the whole answer, ordered by their first column.

        A page that was cut loses the rows of its last key, which may not be all there; the next
        one begins with them.
        """
        after = -1
        while True:
            rows, cut = self.query(adql.format(after=after), uploads)
            if cut:
                last = rows[-1][0] if rows else None
                rows = [row for row in rows if row[0] != last]
                if not rows:
                    raise SimbadRefused("SIMBAD gives too few rows at once to go on")
            if rows:
                yield rows
            if not cut:
                return
            after = int(rows[-1][0])

    def query(self, adql, uploads):
        """(rows of texts, whether the service cut them)."""
        parts = {name: (f"{name}.xml", table(*content), "application/x-votable+xml")
                 for name, content in uploads.items()}  # fmt: skip
        form = {
            "REQUEST": "doQuery",
            "LANG": "ADQL",
            "FORMAT": "votable/td",
            "QUERY": " ".join(adql.split()),
            "MAXREC": str(self.row_limit()),
        }
        if uploads:
            form["UPLOAD"] = ";".join(f"{name},param:{name}" for name in uploads)
        return read_table(self.ask("POST", "/sync", data=form, files=parts).content)

    def row_limit(self):
        """The most rows that the service gives at once, as it says itself."""
        if self.most_rows is None:
            root = parsed(self.ask("GET", "/capabilities").content)
            limits = [e.text for e in root.iter() if local_name(e) == "hard" and e.get("unit") == "row"]
            self.most_rows = int(limits[0]) if limits and limits[0].strip().isdigit() else DEFAULT_ROWS
        return self.most_rows

    def ask(self, method, path, **options):
        """A response of status 200, after the tries that make sense."""
        for attempt in range(1, self.tries + 1):
            try:
                return self.ask_once(method, path, options)
            except SimbadUnavailable as error:
                if attempt == self.tries:
                    raise
                wait = min(LONGEST_WAIT, 2 ** (attempt - 1)) * random.uniform(0.5, 1)  # noqa: S311 (no secret)
                logger.info("%s; once more in %.1f s", error, wait)
                self.sleep(wait)
        raise AssertionError("unreachable")

    def ask_once(self, method, path, options):
        self.keep_pace()
        endpoint = f"SIMBAD {path}"
        self.calls[endpoint] = self.calls.get(endpoint, 0) + 1
        try:
            response = self.session.request(method, self.url + path, timeout=self.timeout, **options)
        except requests.RequestException as error:
            raise SimbadUnavailable(f"no answer from SIMBAD ({type(error).__name__})") from error
        if response.status_code >= 500 or response.status_code == 429:
            raise SimbadUnavailable(f"SIMBAD answered {response.status_code}")
        if not response.content.rstrip().endswith((b"VOTABLE>", b"capabilities>")):
            raise SimbadUnavailable("the answer of SIMBAD broke off")
        if response.status_code != 200:
            raise SimbadRefused(f"SIMBAD answered {response.status_code}: {said(response.content)}")
        return response

    def keep_pace(self):
        wait = self.next_request - self.clock()
        if wait > 0:
            self.sleep(wait)
        self.next_request = self.clock() + self.pace


def spellings(name):
    """How SIMBAD may write a name: ``Vega`` is ``NAME Vega``, ``α Lyr`` is ``* alf Lyr``."""
    first, *rest = target_words(name)
    greek = [f"* {LONG_GREEK[first]} {' '.join(rest).capitalize()}"] if rest and first in LONG_GREEK else []
    return [name, f"NAME {name}", f"* {name}", f"V* {name}", *greek]


def literal(text):
    return "'{}'".format(text.replace("'", "''"))


def mention(row):
    oid, oidbib, times, name, *numbers, otype = row
    ra, dec, pmra, pmdec = (float(number) if number else None for number in numbers)
    if ra is None or dec is None:
        ra = dec = None
    return Mention(
        int(oid),
        int(oidbib),
        int(times) if times else None,
        " ".join(name.split()),
        ra,
        dec,
        pmra,
        pmdec,
        otype,
    )


def text_field(name):
    return Field(name, "char", "", name, arraysize="*")


def number_field(name):
    return Field(name, "long", "", name)


def table(fields, rows):
    """A table to upload."""
    return votable.table_head("upload", "", fields, ()) + votable.table_rows(rows) + votable.table_foot()


def local_name(element):
    return str(element.tag).rpartition("}")[2]


def parsed(content):
    try:
        return fromstring(content)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise SimbadRefused(f"the answer of SIMBAD is no XML: {error}") from error


def read_table(content):
    root = parsed(content)
    infos = [e for e in root.iter() if local_name(e) == "INFO" and e.get("name") == "QUERY_STATUS"]
    statuses = [info.get("value", "").upper() for info in infos]
    if not statuses or "ERROR" in statuses:
        raise SimbadRefused(f"SIMBAD refuses the query: {said(content)}")
    rows = [["".join(cell.itertext()) for cell in row] for row in root.iter() if local_name(row) == "TR"]
    return rows, "OVERFLOW" in statuses


def said(content):
    """The message of an error document."""
    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError):
        return content[:200].decode("utf-8", "replace")
    return " ".join(" ".join(e.itertext()) for e in root.iter() if local_name(e) == "INFO")[:300].strip()
