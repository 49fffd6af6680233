"""Text, CSV or VOTable → the stars of a list. Pure.

A bad row is named and left out; the rest is read.
"""

import csv
import io
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from publications.positions import looks_like_position, parse_angle, parse_number, parse_position
from publications.sky import moved_to_j2000, normal_ra
from publications.starlists import MOST_ROWS, ListRefused
from publications.starlists.columns import BARE_NUMBER, known_columns
from publications.starlists.votable import read_table

LONGEST_NAME = 120
EPOCH = 2000.0
# What writers of tables put where a number is not known.
UNKNOWN = ("nan", "null", "--")


class Star(NamedTuple):
    """A row: ``ra``, ``dec`` in degrees, ICRS, J2000.0, or None; ``given`` is what its writer sees.

    ``line`` counts the lines of a text and the rows of a VOTable, from 1.
    """

    line: int
    given: str
    names: tuple
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
    begin = data[:200] if isinstance(data, str) else data[:200].decode("utf-8", "replace")
    if begin.lstrip("\ufeff \t\r\n").startswith("<"):
        return read_votable(data)
    if isinstance(data, bytes):
        try:
            data = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ListRefused("the list is no UTF-8 text; save it as CSV or as VOTable") from error
    data = data.removeprefix("\ufeff").replace("\x00", "�")
    lines = data.splitlines()
    first = next((line for line in lines if line.strip() and not line.startswith("#")), None)
    if first is None:
        raise ListRefused("the list is empty; give a name or a position on each line")
    delimiter = next((d for d in (",", "\t", ";") if known_columns(split(first, d))), None)
    return read_csv(data, delimiter) if delimiter else read_text(lines)


def split(line, delimiter):
    """The cells of a line; none, when it is no line of a table."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


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
        return Star(number, line, (), *parse_position(line))
    return Star(number, line[:LONGEST_NAME], (line[:LONGEST_NAME],), None, None)


def read_csv(data, delimiter):
    stars = StarList()
    rows = csv.reader(io.StringIO(data, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = next(columns for row in rows if (columns := known_columns(row)))
        for row in rows:
            if any(cell.strip() for cell in row) and not row[0].startswith("#"):
                stars.add(rows.line_num, partial(row_star, rows.line_num, row, columns))
    except csv.Error as error:
        raise ListRefused(f"line {rows.line_num}: {error}; save the list as CSV once more") from error
    return stars


def read_votable(data):
    table = read_table(data)
    columns = known_columns(*([getattr(f, name) for f in table.fields] for name in ("name", "ucd", "unit")))
    if not columns:
        raise ListRefused(
            "the table has no column that we know; name them name, ra, dec (and pmra, pmdec, ref_epoch)"
        )
    epoch = epoch_of(table, columns)
    stars = StarList()
    for line, row in enumerate(table.rows, start=1):
        stars.add(line, partial(row_star, line, row, columns, epoch))
    return stars


def epoch_of(table, columns):
    """The epoch of the frame to which the positions refer."""
    if "ra" not in columns:
        return EPOCH
    system, epoch = table.frames.get(table.fields[columns["ra"][0].at].ref, ("", ""))
    if system.casefold() not in ("", "icrs", "fk5", "eq_fk5"):
        raise ListRefused(f"the positions are in the frame {system[:30]}; give ICRS")
    try:
        return number(epoch, "ref_epoch", EPOCH)
    except ValueError as error:
        raise ListRefused(f"the epoch of the positions (COOSYS): {error}") from error


def row_star(line, row, columns, epoch=EPOCH):
    """The star of a row of cells (texts)."""

    def cells(what):
        for place in columns.get(what, ()):
            cell = row[place.at].strip() if place.at < len(row) else ""
            if cell and (what == "name" or cell.casefold() not in UNKNOWN):
                bare = place.prefix and BARE_NUMBER.fullmatch(cell)
                yield place, f"{place.prefix}{bare[1]}" if bare else cell

    def cell(what):
        return next(cells(what), (None, ""))

    names = tuple(name[:LONGEST_NAME] for _, name in cells("name"))
    (ra_place, ra_text), (dec_place, dec_text) = cell("ra"), cell("dec")
    if not (ra_text and dec_text):
        if not names:
            raise ValueError("neither a name nor a position")
        return Star(line, names[0], names, None, None)
    ra = parse_angle(ra_text, "right ascension", hours=True) * ra_place.factor
    dec = parse_angle(dec_text, "declination") * dec_place.factor
    if not (-360 <= ra <= 360 and -90 <= dec <= 90):
        raise ValueError(f"{ra_text[:30]} {dec_text[:30]} is no place of the sky")
    motion = []
    for what in ("pmra", "pmdec"):
        place, text = cell(what)
        motion.append(number(text, what) * (place.factor if place else 1))
    ra, dec = moved_to_j2000(normal_ra(ra), dec, *motion, number(cell("ref_epoch")[1], "ref_epoch", epoch))
    return Star(line, (names or (f"{ra_text} {dec_text}",))[0][:LONGEST_NAME], names, ra, dec)


def number(text, what, otherwise=0.0):
    """An empty cell is ``otherwise``; "J2016" is 2016."""
    if not text:
        return otherwise
    try:
        value = parse_number(text.lstrip("Jj"))
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from error
    if what == "ref_epoch" and not 1800 <= value <= 2200:
        raise ValueError(f"ref_epoch: {text[:20]} is no Julian year between 1800 and 2200")
    return value
