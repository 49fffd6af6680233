"""VOTable 1.4 in TABLEDATA, written row by row. Knows no models and no HTTP.

Version 1.4, because validators of today still refuse 1.5, which would add nothing here.
"""

import re
from typing import NamedTuple

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://www.ivoa.net/xml/VOTable/v1.3 http://www.ivoa.net/xml/VOTable/VOTable-1.4.xsd">
"""
FOOT = "</VOTABLE>\n"
# What is written otherwise, and what XML 1.0 cannot hold, not even as a character reference.
SPECIAL = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
TABLE_END = "</TABLEDATA></DATA>\n</TABLE>\n"


class Field(NamedTuple):
    """A column. Texts have an ``arraysize``; ``ref`` is the ID of a coordinate system."""

    name: str
    datatype: str
    ucd: str
    description: str
    unit: str = ""
    arraysize: str = ""
    ref: str = ""
    ID: str = ""
    doc: str = ""

    def xml(self):
        names = ("ID", "name", "datatype", "arraysize", "ucd", "unit", "ref")
        link = f"<LINK content-role={quoted('doc')} href={quoted(self.doc)}/>" if self.doc else ""
        return (
            f"<FIELD{attributes({name: getattr(self, name) for name in names})}>"
            f"<DESCRIPTION>{text(self.description)}</DESCRIPTION>{link}</FIELD>\n"
        )


class Info(NamedTuple):
    name: str
    value: str
    text: str = ""
    ucd: str = ""

    def xml(self):
        begin = f"<INFO{attributes({'name': self.name, 'ucd': self.ucd})} value={quoted(self.value)}"
        return f"{begin}>{text(self.text)}</INFO>\n" if self.text else f"{begin}/>\n"


def text(value):
    """``value`` as the content of an element; what XML cannot hold is dropped.

    That is never printable, and looking for it with an expression takes three times as long.
    """
    if value.isprintable():
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return SPECIAL.sub(entity, value)


def entity(match):
    return ENTITIES.get(match[0], "")


def quoted(value):
    return '"{}"'.format(
        text(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")
    )


def attributes(values):
    return "".join(f" {name}={quoted(value)}" for name, value in values.items() if value)


# An empty cell is NULL, whatever the type. Floats as the shortest text that reads back the same.
CELL = {
    str: text,
    float: repr,
    int: str,
    bool: lambda value: "T" if value else "F",
    type(None): lambda value: "",
}


def table_rows(rows):
    """The XML of some rows, each a sequence of str, float, int, bool or None."""
    cell = CELL
    return "".join(
        [f"<TR><TD>{'</TD><TD>'.join([cell[type(v)](v) for v in row])}</TD></TR>\n" for row in rows]
    )


def table_head(name, description, fields, infos):
    """Everything up to the first row: one RESOURCE of results with one TABLE.

    ``QUERY_STATUS`` OK stands here; what goes wrong later is told behind the table.
    """
    return "".join(
        [
            HEAD,
            f'<RESOURCE type="results">\n<DESCRIPTION>{text(description)}</DESCRIPTION>\n',
            Info("QUERY_STATUS", "OK").xml(),
            *(info.xml() for info in infos),
            '<COOSYS ID="icrs" system="ICRS" epoch="J2000.0"/>\n',
            f"<TABLE name={quoted(name)}>\n",
            *(field.xml() for field in fields),
            "<DATA><TABLEDATA>\n",
        ]
    )


def table_foot(infos=(), resources=""):
    """Everything behind the last row; ``infos`` when the table is not the whole answer."""
    return TABLE_END + "".join(info.xml() for info in infos) + "</RESOURCE>\n" + resources + FOOT


def error_document(message):
    """A document without a table that tells pyvo, STILTS, TOPCAT and Aladin why.

    Two INFOs: the simple cone search's own, at the root, and DALI's. Clients that know only
    one of them would lose the message otherwise.
    """
    return (
        HEAD
        + Info("Error", message).xml()
        + '<RESOURCE type="results">\n'
        + Info("QUERY_STATUS", "ERROR", text=message).xml()
        + "</RESOURCE>\n"
        + FOOT
    )


def service_descriptor(name, description, address, inputs):
    """A RESOURCE by which a client opens ``address`` for a row.

    ``inputs``: pairs of a parameter's name and the ID of the FIELD that gives its value.
    """
    params = "".join(
        f'<PARAM name={quoted(param)} datatype="char" arraysize="*" value="" ref={quoted(field)}/>\n'
        for param, field in inputs
    )
    return (
        f'<RESOURCE type="meta" utype="adhoc:service" name={quoted(name)}>\n'
        f"<DESCRIPTION>{text(description)}</DESCRIPTION>\n"
        f'<PARAM name="accessURL" datatype="char" arraysize="*" value={quoted(address)}/>\n'
        f'<GROUP name="inputParams">\n{params}</GROUP>\n</RESOURCE>\n'
    )
