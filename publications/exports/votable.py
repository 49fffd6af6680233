"""papers.vot: VOTable 1.4 for TOPCAT, Aladin and astropy."""

from django.conf import settings

from publications.exports.credits import credits_of
from publications.exports.papers_json import facts
from publications.exports.records import records
from publications.exports.xml import attribute, xml_text
from publications.models.validators import SEPARATOR

# name, datatype, UCD, unit, description
FIELDS = [
    ("bibcode", "char", "meta.bib.bibcode;meta.main", "", "ADS bibcode"),
    ("title", "unicodeChar", "meta.title", "", "Title, without markup"),
    ("authors", "unicodeChar", "meta.bib.author", "", "Authors in order, joined by “; ”"),
    ("year", "short", "time.publiYear", "yr", "Year of publication"),
    ("pubdate", "char", "time.release", "", "Date of publication, 00 for unknown parts"),
    ("journal", "unicodeChar", "meta.bib.journal", "", "Bibstem of the journal"),
    ("volume", "unicodeChar", "meta.bib.volume", "", "Volume"),
    ("page", "unicodeChar", "meta.bib.page", "", "Page or article number"),
    ("doi", "unicodeChar", "meta.ref.doi", "", "Digital object identifier"),
    ("arxiv", "unicodeChar", "meta.id", "", "arXiv identifier"),
    ("refereed", "boolean", "meta.code.status", "", "Whether refereed; empty when not known"),
    ("citations", "int", "meta.number", "", "Citations counted by ADS"),
    ("added", "char", "time.creation", "", "Day of entry into this database (UTC)"),
    ("tags", "unicodeChar", "meta.code.class", "", "Tags in the order of the vocabulary, joined by “; ”"),
    ("targets", "unicodeChar", "meta.id;src", "", "Targets linked to the paper, joined by “; ”"),
    ("url", "unicodeChar", "meta.ref.url", "", "The paper here"),
    ("ads_url", "unicodeChar", "meta.ref.url", "", "The paper at ADS"),
]
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">
<RESOURCE type="results">
<DESCRIPTION>Papers on optical long-baseline interferometry.
{credits}</DESCRIPTION>
<INFO name="publisher" value="OLBIN Publications"/>
<INFO name="reference_url" value={site}/>
<TABLE name="papers" nrows="{number}">
{fields}
<DATA><TABLEDATA>
"""
TAIL = "</TABLEDATA></DATA>\n</TABLE>\n</RESOURCE>\n</VOTABLE>\n"


def papers_vot(papers, categories, number):
    """Yield a VOTable of ``papers``, of which there are ``number``. An empty cell is not known."""
    yield HEAD.format(
        credits="\n".join(map(xml_text, credits_of(number))),
        site=attribute(settings.SITE_URL + "/"),
        number=number,
        fields="\n".join(field(*described) for described in FIELDS),
    )
    for record in records(papers, categories):
        yield row(facts(record))
    yield TAIL


def field(name, datatype, ucd, unit, description):
    size = ' arraysize="*"' if datatype in ("char", "unicodeChar") else ""
    measured = f' unit="{unit}"' if unit else ""
    return (
        f'<FIELD name="{name}" datatype="{datatype}"{size} ucd="{ucd}"{measured}>'
        f"<DESCRIPTION>{xml_text(description)}</DESCRIPTION></FIELD>"
    )


def row(paper):
    paper["tags"] = [tag["name"] for tag in paper["tags"]]
    return "<TR>" + "".join(f"<TD>{xml_text(cell(paper[name]))}</TD>" for name, *_ in FIELDS) + "</TR>\n"


def cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "T" if value else "F"
    return SEPARATOR.join(value) if isinstance(value, list) else value
