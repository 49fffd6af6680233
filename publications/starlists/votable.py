"""A VOTable in any serialisation that the document itself holds → its fields and rows of texts. Pure.

TABLEDATA, BINARY and BINARY2 (VOTable 1.5, part 5). Data that a document only points at is never fetched.
"""

import base64
import math
import re
import struct
import zlib
from functools import reduce
from operator import mul
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from publications.starlists import BIGGEST_LIST, ListRefused

# datatype → how `struct` reads one of them, big-endian.
NUMBERS = {"short": "h", "int": "i", "long": "q", "unsignedByte": "B", "float": "f", "double": "d"}
# datatype → bytes of one of them, of those that are no numbers.
WIDTHS = {"boolean": 1, "char": 1, "unicodeChar": 2, "floatComplex": 8, "doubleComplex": 16}
COUNT = struct.Struct(">I")


class Field(NamedTuple):
    """A FIELD's attributes, as they stand there; ``null`` is the text that means unknown."""

    name: str
    ucd: str
    unit: str
    datatype: str
    arraysize: str
    null: str
    ref: str


class Table(NamedTuple):
    """The first table. ``rows``: an iterator of lists of texts, "" for unknown.

    ``frames``: ``{ID: (system, epoch)}`` of the document's COOSYS elements.
    """

    fields: list
    rows: object
    frames: dict


def read_table(data):
    """The first `Table` of a document (bytes or str).

    Raises
    ------
    ListRefused
        At once, or while the rows are read.
    """
    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise ListRefused(f"the list begins as XML, but is no VOTable: {error}") from error
    table = next(elements(root, "TABLE"), None)
    if table is None:
        raise ListRefused("the document holds no TABLE; save the list as a VOTable or as CSV")
    fields = [field_of(element) for element in table if local_name(element) == "FIELD"]
    frames = {e.get("ID"): (e.get("system", ""), e.get("epoch", "")) for e in elements(root, "COOSYS")}
    return Table(fields, rows_of(table, fields), frames)


def elements(root, name):
    return (element for element in root.iter() if local_name(element) == name)


def local_name(element):
    return str(element.tag).rpartition("}")[2]


def field_of(element):
    null = next((values.get("null") for values in elements(element, "VALUES")), None)
    names = ("name", "ucd", "unit", "datatype", "arraysize")
    return Field(*(element.get(name, "") for name in names), null=null, ref=element.get("ref", ""))


def rows_of(table, fields):
    for name, with_flags in (("BINARY2", True), ("BINARY", False)):
        for element in elements(table, name):
            return binary_rows(stream(element), fields, with_flags)
    if next(elements(table, "FITS"), None) is not None:
        raise ListRefused("the table is in FITS; save it as a VOTable (TABLEDATA, BINARY, BINARY2) or as CSV")
    return text_rows(elements(table, "TR"), fields)


def text_rows(rows, fields):
    for row in rows:
        cells = ["".join(cell.itertext()).strip() for cell in row]
        yield ["" if cell == field.null else cell for cell, field in zip(cells, fields, strict=False)]


def stream(element):
    """The bytes that a BINARY or BINARY2 element holds."""
    element = next(elements(element, "STREAM"), None)
    if element is None or element.get("href"):
        raise ListRefused("the table's data stands elsewhere; save it with its data inside (inline)")
    encoding = element.get("encoding", "base64")
    try:
        data = base64.b64decode("".join(element.itertext()))
        if encoding == "gzip":
            data = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, BIGGEST_LIST)
    except (ValueError, zlib.error) as error:
        raise ListRefused(f"the table's data is damaged: {error}; save it once more") from error
    if encoding not in ("base64", "gzip"):
        raise ListRefused(f"the table's data is encoded as {encoding[:20]}; save it as base64 or as CSV")
    return data


def binary_rows(data, fields, with_flags):
    """Rows of a stream; with BINARY2 each begins with a bit for every field that is unknown."""
    readers = [reader_of(field) for field in fields]
    flags = (len(fields) + 7) // 8 if with_flags else 0
    at, number = 0, 1
    while at < len(data):
        start, row = at, []
        unknown = int.from_bytes(data[at : at + flags]) >> (8 * flags - len(fields)) if flags else 0
        at += flags
        for place, (field, read) in enumerate(zip(fields, readers, strict=True), start=1):
            try:
                at, cell = read(data, at)
            except struct.error as error:
                raise ListRefused(f"the table's data ends in the middle of row {number}") from error
            is_null = unknown >> (len(fields) - place) & 1 or cell == field.null
            row.append("" if is_null else cell)
        if at == start:
            raise ListRefused("the table's rows are empty")
        yield row
        number += 1


def reader_of(field):
    """A function (data, at) → (where the next cell begins, this cell's text)."""
    size, variable = size_of(field.arraysize)
    if field.datatype in NUMBERS and field.arraysize in ("", "1"):
        return number_reader(struct.Struct(">" + NUMBERS[field.datatype]))
    width = WIDTHS.get(field.datatype) or struct.calcsize(">" + NUMBERS.get(field.datatype, "x"))
    bits = field.datatype == "bit"

    def read(data, at):
        count = size
        if variable:
            (count,) = COUNT.unpack_from(data, at)
            at += COUNT.size
        end = at + ((count + 7) // 8 if bits else count * width)
        if end > len(data):
            raise struct.error("too short")
        return end, text_of(data[at:end], field.datatype)

    return read


def number_reader(number):
    def read(data, at):
        (value,) = number.unpack_from(data, at)
        return at + number.size, "" if math.isnan(value) else repr(value)

    return read


def size_of(arraysize):
    """(elements, whether a count stands before them) of ``"*"``, ``"8"``, ``"8*"``, ``"2x3"``, ``""``."""
    sizes = [int(part) for part in re.findall(r"[0-9]{1,9}", arraysize)]
    return reduce(mul, sizes, 1), arraysize.endswith("*")


def text_of(data, datatype):
    """What a text says. Other arrays name no star, and are not read."""
    if datatype == "char":
        return data.partition(b"\0")[0].decode("utf-8", "replace").strip()
    if datatype == "unicodeChar":
        return data.decode("utf-16-be", "replace").partition("\0")[0].strip()
    return ""
