"""The answer to a list as CSV and as VOTable."""

import csv
import io

from django.utils.text import slugify

from publications.known_positions import known_positions
from publications.vo import votable
from publications.vo.votable import Field, Info

DEGREES = {"unit": "deg", "ref": "icrs"}
FIELDS = {
    "line": Field("line", "int", "meta.record", "line of the list"),
    "given": Field("given", "unicodeChar", "meta.id", "what the list says", arraysize="*"),
    "problem": Field(
        "problem", "unicodeChar", "meta.note", "why the row was not read; empty: it was", arraysize="*"
    ),
    "matched_by": Field(
        "matched_by", "char", "meta.code", "name or position; empty: no target", arraysize="*"
    ),
    "target": Field("target", "unicodeChar", "meta.id;src", "name of the target", arraysize="*"),
    "ra": Field("ra", "double", "pos.eq.ra;meta.main", "right ascension, ICRS, J2000.0", **DEGREES),
    "dec": Field("dec", "double", "pos.eq.dec;meta.main", "declination, ICRS, J2000.0", **DEGREES),
    "distance_arcsec": Field("distance_arcsec", "double", "pos.angDistance", "distance", unit="arcsec"),
    "papers": Field("papers", "int", "meta.number", "papers linked to the target"),
    "first_year": Field("first_year", "int", "time.publiYear", "year of the first of them", unit="yr"),
    "last_year": Field("last_year", "int", "time.publiYear", "year of the last of them", unit="yr"),
}
# A spreadsheet would take such a cell for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(answer):
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(answer.heading)
    for row in answer.rows():
        writer.writerow([guarded(cell) for cell in row])
    return text.getvalue()


def guarded(cell):
    """A name from the list may not become a formula of the spreadsheet that opens the answer."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def as_votable(answer):
    fields = [FIELDS.get(name) or tag_field(name) for name in answer.heading]
    infos = [Info("coverage", str(known_positions()))]
    head = votable.table_head("targets", "Targets of a list, with their papers", fields, infos)
    return head + votable.table_rows(answer.rows()) + votable.table_foot()


def tag_field(name):
    column = f"tags_{slugify(name).replace('-', '_')}"
    return Field(column, "unicodeChar", "meta.code.class", f"tags of the papers: {name}", arraysize="*")
