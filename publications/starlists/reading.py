"""Text, CSV or VOTable → the stars of a list. Pure.

The columns of TOPCAT, Aspro, SIMBAD and VizieR are known by their names, those of a VOTable by
their UCDs too. A bad row is named and left out; the rest is read.
"""

import csv
import io
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from publications.positions import looks_like_position, parse_angle, parse_number, parse_position
from publications.sky import moved_to_j2000, normal_ra
from publications.starlists import MOST_ROWS

COLUMNS = {
    "name": ["name", "target", "target_name", "star", "object", "main_id", "typed_id", "user_specified_id",
             "simbad", "simbad_id", "source", "id", "hd", "hip"],
    "ra": ["ra", "raj2000", "_raj2000", "ra_icrs", "_ra_icrs", "_ra.icrs", "ra_deg", "radeg", "ra_d",
           "alpha"],
    "dec": ["dec", "de", "dej2000", "_dej2000", "de_icrs", "_de_icrs", "dec_icrs", "_de.icrs", "dec_deg",
            "decdeg", "dedeg", "dec_d", "delta"],
    "pmra": ["pmra", "pm_ra", "pmra_cosdec", "pm_ra_cosdec"],
    "pmdec": ["pmdec", "pm_dec", "pmde", "pm_de"],
    "epoch": ["ref_epoch", "epoch"],
}  # fmt: skip
UCDS = {
    "name": ["meta.id;meta.main", "id_main"],
    "ra": ["pos.eq.ra;meta.main", "pos_eq_ra_main"],
    "dec": ["pos.eq.dec;meta.main", "pos_eq_dec_main"],
}
# A column of bare catalogue numbers says in its heading which catalogue.
CATALOGUES = {"hd": "HD ", "hip": "HIP "}


class ListRefused(ValueError):
    """A list of which nothing can be read; the message says why, and the fix."""


class Star(NamedTuple):
    """A row: ``ra``, ``dec`` in degrees, ICRS, J2000.0, or None; ``given`` is what its writer sees."""

    line: int
    given: str
    name: str
    ra: float | None
    dec: float | None


@dataclass
class StarList:
    stars: list = field(default_factory=list)
    problems: list = field(default_factory=list)  # (line, reason)

    def add(self, line, make):
        """Add the `Star` that ``make()`` gives, or its `ValueError`."""
        try:
            star = make()
        except ValueError as error:
            self.problems.append((line, str(error)))
        else:
            self.stars.append(star)
        if len(self.stars) + len(self.problems) > MOST_ROWS:
            raise ListRefused(f"the list has more than {MOST_ROWS:,} rows; give it in parts")


def read_list(data):
    """A `StarList` from the bytes or the text of a list.

    Raises
    ------
    ListRefused
    """
    if isinstance(data, bytes):
        try:
            data = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ListRefused(
                "the list is no UTF-8 text; save it as CSV or as VOTable in TABLEDATA"
            ) from error
    data = data.replace("\x00", "�")
    if data.lstrip().startswith("<"):
        return read_votable(data)
    lines = data.splitlines()
    first = next((line for line in lines if line.strip() and not line.startswith("#")), None)
    if first is None:
        raise ListRefused("the list is empty; give a name or a position on each line")
    delimiter = next((d for d in (",", "\t", ";") if known_columns(split(first, d))), None)
    return read_csv(data, delimiter) if delimiter else read_text(lines)


def split(line, delimiter):
    return next(csv.reader([line], delimiter=delimiter), [])


def known_columns(heading, ucds=()):
    """``{what: position in the row}``, or {} when the heading names neither stars nor positions."""
    names = [name.strip().strip("#").strip().casefold() for name in heading]
    found = {}
    for what, spellings in COLUMNS.items():
        by_ucd = [place for place, ucd in enumerate(ucds) if ucd.casefold() in UCDS.get(what, ())]
        by_name = [names.index(spelling) for spelling in spellings if spelling in names]
        if by_name or by_ucd:
            found[what] = (by_name + by_ucd)[0] if what == "name" else (by_ucd + by_name)[0]
    return found if "name" in found or {"ra", "dec"} <= set(found) else {}


def read_text(lines):
    """A name or a position on each line; a line that begins with # is a comment."""
    stars = StarList()
    for number, line in enumerate(lines, start=1):
        line = line.strip()
        if line and not line.startswith("#"):
            stars.add(number, partial(text_star, number, line))
    return stars


def text_star(number, line):
    if looks_like_position(line):
        return Star(number, line, "", *parse_position(line))
    return Star(number, line[:120], line[:120], None, None)


def read_csv(data, delimiter):
    stars = StarList()
    rows = csv.reader(io.StringIO(data, newline=""), delimiter=delimiter)
    try:
        heading = next(row for row in rows if known_columns(row))
        columns = known_columns(heading)
        for row in rows:
            if any(cell.strip() for cell in row) and not row[0].startswith("#"):
                stars.add(rows.line_num, partial(row_star, rows.line_num, row, columns, heading))
    except csv.Error as error:
        raise ListRefused(f"line {rows.line_num}: {error}; save the list as CSV once more") from error
    return stars


def row_star(line, row, columns, heading, factors=None):
    """The star of a row of cells (texts)."""

    def cell(what):
        place = columns.get(what)
        return row[place].strip() if place is not None and place < len(row) else ""

    name = cell("name")
    if name.isdigit() and (prefix := CATALOGUES.get(heading[columns["name"]].strip().casefold())):
        name = prefix + name
    ra_text, dec_text = cell("ra"), cell("dec")
    if not (ra_text and dec_text):
        if not name:
            raise ValueError("neither a name nor a position")
        return Star(line, name[:120], name[:120], None, None)
    ra, dec = parse_angle(ra_text, "right ascension", hours=True), parse_angle(dec_text, "declination")
    if not (-360 <= ra <= 360 and -90 <= dec <= 90):
        raise ValueError(f"{ra_text[:30]} {dec_text[:30]} is no place of the sky")
    motion = [number(cell(what), what) * (factors or {}).get(what, 1) for what in ("pmra", "pmdec")]
    ra, dec = moved_to_j2000(normal_ra(ra), dec, *motion, number(cell("epoch"), "ref_epoch", 2000.0))
    return Star(line, (name or f"{ra_text} {dec_text}")[:120], name[:120], ra, dec)


def number(text, what, otherwise=0.0):
    """An empty cell is ``otherwise``; "J2016" is 2016."""
    if not text or text.casefold() in ("nan", "null", "--"):
        return otherwise
    try:
        value = parse_number(text.lstrip("Jj"))
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from error
    if what == "ref_epoch" and not 1800 <= value <= 2200:
        raise ValueError(f"ref_epoch: {text[:20]} is no Julian year between 1800 and 2200")
    return value


def read_votable(data):
    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise ListRefused(f"the list begins as XML, but is no VOTable: {error}") from error
    tables = [element for element in root.iter() if local_name(element) == "TABLE"]
    if not tables:
        raise ListRefused("the document holds no TABLE; save the list as a VOTable or as CSV")
    fields = [element for element in tables[0] if local_name(element) == "FIELD"]
    heading = [element.get("name", "") for element in fields]
    columns = known_columns(heading, [element.get("ucd", "") for element in fields])
    if not columns:
        raise ListRefused(
            "the table has no column that we know; name them name, ra, dec (and pmra, pmdec, ref_epoch)"
        )
    if any(local_name(element) in ("BINARY", "BINARY2", "FITS") for element in tables[0].iter()):
        raise ListRefused("the table is binary; save it as VOTable in TABLEDATA, or as CSV")
    factors = {
        what: 1000.0
        for what in ("pmra", "pmdec")
        if what in columns and fields[columns[what]].get("unit", "").startswith("arcsec")
    }
    stars = StarList()
    rows = [element for element in tables[0].iter() if local_name(element) == "TR"]
    for line, element in enumerate(rows, start=1):
        row = ["".join(cell.itertext()) for cell in element]
        stars.add(line, partial(row_star, line, row, columns, heading, factors))
    return stars


def local_name(element):
    return str(element.tag).rpartition("}")[2]
