"""The predecessor's XML → rows for the writer. What an ``<e>`` does not hold stays as it is here."""

from xml.sax import ContentHandler, SAXException, SAXParseException

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from publications.imports import values
from publications.imports.report import BadRow, ImportRefused
from publications.imports.row import PaperRow
from publications.imports.vocabulary import Wanted

PIECE = 2**16
ROOT = "publications"
READERS = {
    "title": ("title", values.text(values.LONGEST_TITLE)),
    "pubdate": ("pubdate", values.partial_date),
    "subdate": ("added", values.moment),
}


class PapersXml:
    """A file of papers.

    Raises
    ------
    ImportRefused
        When it is not well-formed, declares entities, or is another kind of XML.
    """

    new_papers_are_dated = False

    def __init__(self, path):
        self.path = path

    def check(self, create_categories):
        """Read the file once; returns the vocabulary to make, which this format always does."""
        self.categories = {}
        for kind, _, element in elements(self.path):
            if kind == "category" and element.get("name"):
                self.categories[element["name"][0].strip()] = Wanted(
                    [name.strip() for name in element.get("tag", [])],
                    description="".join(element.get("description", [])).strip(),
                )
        return self.categories

    def rows(self, report):
        """Yield the good rows; the others go to ``report``."""
        for kind, line, element in elements(self.path):
            if kind == "e":
                try:
                    yield self.row(line, element)
                except BadRow as error:
                    report.refuse(line, error)

    def row(self, line, element):
        doubled = next((name for name in ("bibcode", *READERS) if len(element.get(name, [])) > 1), None)
        if doubled:
            raise BadRow(f"<{doubled}> stands there more than once")
        if "bibcode" not in element:
            raise BadRow("no <bibcode>")
        row = PaperRow(line, values.bibcode(element["bibcode"][0]))
        for name, (column, read) in READERS.items():
            value = element.get(name, [""])[0]
            if value.strip():
                try:
                    row.fields[column] = read(value)
                except BadRow as error:
                    raise BadRow(f"{name}: {error}") from error
        row.tags = [(None, name.strip()) for name in element.get("tag", [])]
        row.replaced = tuple(self.categories) if row.tags else ()
        return row


class Elements(ContentHandler):
    """Collects the ``<category>`` and ``<e>`` elements: ``(kind, line, {name: [texts]})``.

    ``title`` is the depth of the ``<title>`` that is open: elements in it are the markup of a title.
    """

    def __init__(self, parser):
        super().__init__()
        self.line = parser.getLineNumber
        self.found = []
        self.begun = False
        self.depth = 0
        self.current = None
        self.text = []
        self.title = None

    def startElement(self, name, attrs):
        self.begun = True
        self.depth += 1
        if self.title:
            self.text.append(f"<{name}>")
            return
        if self.depth == 1 and name != ROOT:
            raise ImportRefused(
                f"the first element is <{name[:40]}>, the predecessor's file begins with <{ROOT}>"
            )
        if self.current is None and name in {"category", "e"}:
            self.current = (name, self.line(), {})
        elif name == "title":
            self.title = self.depth
        self.text = []

    def characters(self, content):
        self.text.append(content)

    def endElement(self, name):
        self.depth -= 1
        if self.title and self.depth >= self.title:
            self.text.append(f"</{name}>")
            return
        self.title = None
        if self.current is None:
            return
        if name == self.current[0]:
            self.found.append(self.current)
            self.current = None
        else:
            self.current[2].setdefault(name, []).append("".join(self.text))
        self.text = []


def elements(path):
    """Yield the elements piece by piece, so that a file of any size can be read."""
    parser = make_parser()
    handler = Elements(parser)
    parser.setContentHandler(handler)
    try:
        with open(path, "rb") as file:
            while piece := file.read(PIECE):
                parser.feed(piece)
                yield from handler.found
                handler.found.clear()
        if not handler.begun:
            raise ImportRefused("the file is empty")
        parser.close()
    except DefusedXmlException as error:
        raise ImportRefused("the file declares entities, which are not accepted") from error
    except SAXParseException as error:
        raise ImportRefused(
            f"line {error.getLineNumber()}: the XML is broken there ({error.getMessage()})"
        ) from error
    except (SAXException, LookupError, ValueError) as error:
        raise ImportRefused(f"the XML cannot be read ({error})") from error
    yield from handler.found
