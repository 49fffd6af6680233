"""Search as ADS answers it: page limits, dropped sorts, unstable ties."""

import random
import re

from tests.ads_sandbox.libraries import Refused
from tests.ads_sandbox.query import SyntaxError, UnreadableLibrary, evaluate

MOST_ROWS = 2000
SORTS = {
    "id", "author_count", "bibcode", "citation_count", "citation_count_norm", "classic_factor",
    "first_author", "date", "entry_date", "read_count", "score",
}  # fmt: skip
NEVER_RETURNED = {"body", "full", "ack", "reader", "email"}


def number(text, otherwise):
    return int(text) if re.fullmatch(r"\d+", text or "") else otherwise


def search(parameters, corpus, libraries, among=None):
    """The answer to a query; ``among`` limits it to a list of records (bigquery)."""
    query = parameters.get("q")
    if not query:
        raise Refused(400, solr_error("no query given", parameters))
    try:
        found = evaluate(query, corpus, libraries)
    except SyntaxError as error:
        raise Refused(400, solr_error(str(error), parameters)) from error
    except UnreadableLibrary as error:
        raise Refused(500, "<html>Internal Server Error</html>") from error
    if among is not None:
        found &= among
    rows = min(number(parameters.get("rows"), 10), MOST_ROWS)
    ordered, ends_in_id = sort(found, parameters.get("sort", ""), corpus)
    cursor = parameters.get("cursorMark")
    if cursor and not ends_in_id:
        raise Refused(
            400, solr_error("Cursor functionality requires a sort containing a uniqueKey field", parameters)
        )
    start = number((cursor or "").removeprefix("AoE"), 0) if cursor else number(parameters.get("start"), 0)
    page = ordered[start : start + rows]
    fields = [
        name for name in (parameters.get("fl") or "id").lower().split(",") if name not in NEVER_RETURNED
    ]
    answer = {
        "responseHeader": {"status": 0, "QTime": 3, "params": {**parameters, "rows": str(rows)}},
        "response": {
            "numFound": len(ordered),
            "start": start,
            "docs": [document(record, fields, corpus) for record in page],
        },
    }
    if cursor:
        answer["nextCursorMark"] = f"AoE{start + len(page)}" if page else cursor
    return answer


def solr_error(message, parameters):
    return {"responseHeader": {"status": 400, "params": parameters}, "error": {"msg": message, "code": 400}}


def sort(found, wanted, corpus):
    """Ties come in another order each time, as on ADS's several machines; a sort ADS lacks is dropped."""
    ordered = list(found)
    random.shuffle(ordered)
    keys = [part.split() for part in wanted.split(",") if part.strip()]
    if any(len(key) != 2 or key[0] not in SORTS or key[1] not in ("asc", "desc") for key in keys):
        keys = []
    for name, direction in reversed(keys):
        ordered.sort(key=lambda record: sort_value(record, name, corpus), reverse=direction == "desc")
    return ordered, bool(keys) and keys[-1][0] == "id"


def sort_value(record, name, corpus):
    values = {
        "id": record.number,
        "bibcode": record.bibcode,
        "date": record.pubdate,
        "entry_date": record.entry_date,
        "first_author": (record.authors or [""])[0],
        "author_count": len(record.authors),
    }
    return len(corpus.citing(record)) if name == "citation_count" else values.get(name, 0)


def document(record, fields, corpus):
    """The fields of a record that have a value; ADS leaves the others out."""
    values = {
        "id": str(record.number),
        "bibcode": record.bibcode,
        "alternate_bibcode": [name for name in record.alternates if len(name) == 19],
        "identifier": record.identifiers,
        "doi": [record.doi] if record.doi else [],
        "title": [record.title] if record.title else [],
        "author": record.authors,
        "first_author": (record.authors or [""])[0],
        "author_count": len(record.authors),
        "pub": record.pub,
        "year": str(record.year),
        "pubdate": record.pubdate,
        "abstract": record.abstract,
        "keyword": record.keywords,
        "property": ["ARTICLE", "REFEREED" if record.refereed else "NOT REFEREED"],
        "doctype": record.doctype,
        "database": record.collections,
        "bibstem": [record.bibstem],
        "volume": record.bibcode[9:13].strip("."),
        "page": [record.bibcode[13:18].replace(".", "")],
        "entry_date": record.entry_date,
        "reference": record.references,
    }
    if {"citation", "citation_count", "*"} & set(fields):
        citing = sorted(known.bibcode for known in corpus.citing(record))
        values |= {"citation": citing, "citation_count": len(citing)}
    chosen = values if "*" in fields else {name: values[name] for name in fields if name in values}
    return {name: value for name, value in chosen.items() if value or value == 0}
