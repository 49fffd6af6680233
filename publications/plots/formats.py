"""A drawn sheet → SVG, PNG, PDF; a table → CSV."""

import csv
import io
import re
from xml.etree import ElementTree

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG

from publications.plots.colours import dark_rules

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)
PNG_DPI = 192  # two pixels for each CSS pixel
MARK = re.compile(r"mark:([0-9]+)")


def svg(sheet, link):
    """Bytes. ``link`` gives the address of the papers of some conditions, or None."""
    buffer = io.BytesIO()
    FigureCanvasSVG(sheet.figure).print_svg(
        buffer, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
    )
    # What is parsed was written in this process a moment ago.
    root = ElementTree.fromstring(buffer.getvalue())  # noqa: S314
    background = root.find(f".//{{{SVG}}}g[@id='patch_1']")
    background.clear()
    for anchor in root.iter(f"{{{SVG}}}a"):
        lead(anchor, sheet.marks, link)
    described(root, sheet)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def lead(anchor, marks, link):
    """Put the address and the title of its mark into a link; without an address it is a plain group."""
    mark = marks[int(MARK.fullmatch(anchor.attrib.pop(f"{{{XLINK}}}href"))[1])]
    address = link(mark.where)
    anchor.tag = f"{{{SVG}}}a" if address else f"{{{SVG}}}g"
    if address:
        anchor.set("href", address)
        anchor.set("target", "_top")
        anchor.set("aria-label", mark.title)
    title = ElementTree.Element(f"{{{SVG}}}title")
    title.text = mark.title
    anchor.insert(0, title)


def described(root, sheet):
    """Title, description, and the rules for dark paper, in front of everything else."""
    for place, (name, text) in enumerate(
        (("title", sheet.title), ("desc", sheet.caption), ("style", dark_rules()))
    ):
        element = ElementTree.Element(f"{{{SVG}}}{name}")
        element.text = text
        root.insert(place, element)


def png(sheet, link):
    buffer = io.BytesIO()
    sheet.figure.set_dpi(PNG_DPI)
    FigureCanvasAgg(sheet.figure).print_png(buffer, metadata={"Title": sheet.title, "Software": None})
    return buffer.getvalue()


def pdf(sheet, link):
    """Without links: matplotlib writes those of text and images only."""
    buffer = io.BytesIO()
    FigureCanvasPdf(sheet.figure).print_pdf(
        buffer, metadata={"Title": sheet.title, "Creator": None, "CreationDate": None}
    )
    return buffer.getvalue()


def table_csv(table):
    """The table's numbers, at most two decimals, as bytes: UTF-8, CRLF, RFC 4180."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(table.heads)
    for group, cells in table.rows:
        writer.writerow([group.label, *(round(cell.value, 2) for cell in cells)])
    return buffer.getvalue().encode()
