"""papers.json: the same facts of a paper as the API gives."""

import json

from django.conf import settings

from publications.exports.credits import ACKNOWLEDGEMENTS, citation
from publications.exports.records import records
from publications.marking import without_markup


def papers_json(papers, categories, number):
    """Yield one JSON object: how to cite, the number of papers, the papers, one on each line."""
    head = {"cite": citation(number), "acknowledgements": ACKNOWLEDGEMENTS, "count": number}
    yield text(head)[:-1] + ', "papers": ['
    separator = "\n"
    for record in records(papers, categories):
        yield separator + text(facts(record))
        separator = ",\n"
    yield "\n]}\n"


def text(value):
    return json.dumps(value, ensure_ascii=False)


def facts(record):
    """A paper as an object. Unknown is null; ``title`` is plain text; times are UTC."""
    return {
        "bibcode": record.bibcode,
        "title": without_markup(record.title) or None,
        "authors": [name for name, _ in record.authors],
        "authors_complete": record.authors_complete,
        "year": record.year,
        "pubdate": record.pubdate,
        "journal": record.bibstem,
        "volume": record.volume or None,
        "page": record.page or None,
        "doi": record.doi or None,
        "arxiv": record.arxiv or None,
        "refereed": record.refereed,
        "citations": record.citations,
        "citations_on": record.citations_on and record.citations_on.isoformat(),
        "added": record.added and record.added.date().isoformat(),
        "keywords": record.keywords,
        "tags": [{"category": category, "name": name, "slug": slug} for category, name, slug in record.tags],
        "targets": record.targets,
        "url": f"{settings.SITE_URL}/papers/{record.bibcode}/",
        "ads_url": f"{settings.ADS_UI_URL}/abs/{record.bibcode}",
    }
