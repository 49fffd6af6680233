"""papers.xml in the shape of the predecessor's export, for the tools that read it today."""

import re
from datetime import time
from xml.sax.saxutils import escape

from publications.exports.rows import chunks, rows
from publications.models import Tag

PAPERS = 500
# Characters that XML 1.0 cannot hold, not even escaped.
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def papers_xml(papers, categories):
    """Yield the XML text of the selection ``papers`` with the tags of ``categories``."""
    categories = list(categories)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<publications>\n'
    yield vocabulary(categories)
    columns = ["bibcode", "title", "pubdate", "added"]
    for some in chunks(rows(papers, categories, columns, with_authors=False), PAPERS):
        yield "".join(map(entry, some))
    yield "</publications>\n"


def vocabulary(categories):
    tags = {category.pk: [] for category in categories}
    for tag in Tag.objects.filter(category__in=tags).order_by("position", "name"):
        tags[tag.category_id].append(tag.name)
    described = "".join(
        "    <category>{}{}{}</category>\n".format(
            element("name", category.name),
            element("description", category.description),
            "".join(element("tag", name) for name in tags[category.pk]),
        )
        for category in categories
    )
    names = [name for category in categories for name in tags[category.pk]]
    numbered = "".join(f'<tag id="{number}">{text(name)}</tag>' for number, name in enumerate(names, 1))
    return f"  <categories>\n{described}  </categories>\n  {numbered}\n"


def entry(row):
    bibcode, title, pubdate, added = row.values
    parts = [element("bibcode", bibcode)]
    if title:
        parts.append(element("title", title))
    if pubdate:
        parts.append(element("pubdate", pubdate.replace("-00", "")))
    if added:
        parts.append(element("subdate", moment(added)))
    parts += [element("tag", name) for names in row.tags for name in names]
    return f"  <e>{''.join(parts)}</e>\n"


def moment(added):
    """Date and time (UTC); the date alone at midnight, which is how a date without a time is kept."""
    added = added.replace(tzinfo=None)
    return added.date().isoformat() if added.time() == time() else added.isoformat(sep=" ")


def element(name, value):
    return f"<{name}>{text(value)}</{name}>" if value else f"<{name}/>"


def text(value):
    # A reader of XML makes a line feed of a carriage return that is not escaped.
    return escape(NOT_IN_XML.sub("", value), {"\r": "&#13;"})
