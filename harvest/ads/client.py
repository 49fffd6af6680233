"""Questions to ADS: search, bulk look-up, export, objects."""

import re
from urllib.parse import quote_plus

import ads
import ads.exceptions

from harvest.ads.errors import AdsResponseError, AdsUnavailable
from harvest.ads.libraries import Libraries
from harvest.ads.records import FIELDS, read_record
from harvest.ads.session import AdsSession

MOST_ROWS = 2000
# Longer lists go by bigquery, of which there are a hundred calls a day.
FEW = 100
IN_ONE_QUERY = 50
# ADS refuses a longer request line than 4,094 bytes; some are left for the name of the site.
LONGEST_ADDRESS = 3800
# Bytes of identifiers in an address, and of what stands there beside the query and the fields.
BYTES_IN_ONE_QUERY = 2000
REST_OF_ADDRESS = 200
# Ends in the internal id, which nothing shares: without it pages overlap and miss records.
STABLE = "date desc,id desc"
STABLE_PAGES = "date desc,bibcode desc"


def quoted(values):
    """``("a" OR "b")`` for the inside of a field's brackets; what would end a phrase is left out."""
    return "(" + " OR ".join('"{}"'.format(re.sub(r'["\\]', "", value)) for value in values) + ")"


def chunks(values, size):
    values = list(values)
    return [values[start : start + size] for start in range(0, len(values), size)]


def portions(identifiers, beside=""):
    """Lists of identifiers, each of which fits one query; a DOI may have hundreds of characters.

    ``beside``: what else stands in the address.
    """
    most = min(BYTES_IN_ONE_QUERY, LONGEST_ADDRESS - REST_OF_ADDRESS - len(quote_plus(beside)))
    portion, room = [], most
    for identifier in identifiers:
        # With its quotation marks and the word OR.
        size = len(quote_plus(identifier)) + 10
        if portion and (size > room or len(portion) == IN_ONE_QUERY):
            yield portion
            portion, room = [], most
        portion.append(identifier)
        room -= size
    if portion:
        yield portion


class OwnSession:
    """Mix-in for the queries of the package ``ads``: our session, with timeouts and typed errors."""

    def __init__(self, session, *args, **options):
        super().__init__(*args, **options)
        self._session = session

    @property
    def session(self):
        return self._session


class SearchQuery(OwnSession, ads.SearchQuery):
    pass


class ExportQuery(OwnSession, ads.ExportQuery):
    pass


class AdsClient:
    def __init__(self, session):
        self.session = session
        self.libraries = Libraries(session)

    @classmethod
    def at(cls, base_url, token, **options):
        """A client of the API at ``base_url``; ``options`` are those of `AdsSession`."""
        return cls(AdsSession(base_url, token, **options))

    @property
    def calls(self):
        """Calls made so far, by endpoint."""
        return dict(self.session.quotas.calls)

    def search(self, query, fields=FIELDS):
        """Every `AdsRecord` that matches ``query``, as a list: complete, or an error.

        Raises
        ------
        AdsRateLimited, AdsUnavailable, AdsAuthError, AdsResponseError
            Also when the pages hold fewer records than ADS announced. A broken query is an
            AdsResponseError with ADS's own message.
        """
        asked = {"q": query, "fl": fields, "rows": MOST_ROWS, "sort": STABLE, "cursorMark": "*"}
        search = SearchQuery(self.session, query_dict=asked)
        search.HTTP_ENDPOINT = f"{self.session.base_url}/search/query"
        documents = {}
        while True:
            cursor = search.query["cursorMark"]
            self.next_page(search)
            for document in search.response.docs:
                documents[document["bibcode"] if "bibcode" in document else document["id"]] = document
            announced = search.response.numFound
            if len(documents) >= announced or search.query["cursorMark"] in (cursor, None):
                break
        return complete(documents.values(), announced)

    def next_page(self, search):
        try:
            search.execute()
        except ads.exceptions.SolrResponseParseError as error:
            raise AdsUnavailable(f"ADS's answer to a search lacks {error}") from error
        except (TypeError, AttributeError, ValueError, KeyError) as error:
            raise AdsUnavailable("ADS's answer to a search has another shape than documented") from error

    def count(self, query):
        """How many records match ``query``; one call."""
        parameters = {"q": query, "fl": "bibcode", "rows": 1}
        return read_page(self.session.get("search/query", params=parameters))[1]

    def bigquery(self, bibcodes, fields=FIELDS, query="*:*"):
        """The records of a long list of bibcodes, present or old, that match ``query``; one call for 2,000.

        The order is not that of ``bibcodes``; unknown ones are missing.
        """
        found = {}
        for chunk in chunks(dict.fromkeys(bibcodes), MOST_ROWS):
            parameters = {"q": query, "fl": fields, "rows": MOST_ROWS, "sort": STABLE_PAGES}
            answer = self.session.post(
                "search/bigquery",
                params=parameters,
                data="\n".join(["bibcode", *chunk]).encode(),
                headers={"Content-Type": "big-query/csv"},
                repeatable=True,
            )
            documents, announced = read_page(answer)
            for record in complete(documents, announced):
                found[record.bibcode] = record
        return list(found.values())

    def look_up(self, identifiers, fields=FIELDS, also=""):
        """The records behind any form of identifier; ``also`` is a further condition.

        Few by ``identifier:(…)``, 50 in a call; many bibcodes by bigquery.
        """
        identifiers = list(dict.fromkeys(identifiers))
        if len(identifiers) > FEW:
            return self.bigquery(identifiers, fields, also or "*:*")
        found = {}
        for chunk in portions(identifiers, beside=f"{also} {fields}"):
            for record in self.search(f"identifier:{quoted(chunk)} {also}".strip(), fields):
                found[record.bibcode] = record
        return list(found.values())

    def known_as(self, bibcodes):
        """Old or present bibcode → the record with its present one and all identifiers.

        Those that ADS does not know are left out.
        """
        wanted = set(bibcodes)
        if not wanted:
            return {}
        records = self.look_up(sorted(wanted), "bibcode,alternate_bibcode,identifier")
        return {name: record for record in records for name in record.identifiers if name in wanted}

    def export(self, bibcodes, form="bibtex"):
        """The references of ``bibcodes`` as text; authors are cut at 200 by ADS."""
        texts = []
        for chunk in chunks(bibcodes, 500):
            query = ExportQuery(self.session, chunk, form)
            query.HTTP_ENDPOINT = f"{self.session.base_url}/export"
            try:
                texts.append(query.execute())
            except AdsResponseError as error:
                if error.status != 404:
                    raise
        return "".join(texts)

    def object_query(self, name):
        """The condition that stands for a sky object, or None: that service answers 200 even on an error."""
        answer = self.session.post(
            "objects/query", json={"query": [f"object:{name}"]}, repeatable=True
        ).json()
        query = answer.get("query")
        return query if isinstance(query, str) and query.startswith("(") else None


def read_page(response):
    """Documents and announced number of a search's answer."""
    try:
        answer = response.json()["response"]
        return list(answer["docs"]), int(answer["numFound"])
    except (KeyError, TypeError, ValueError) as error:
        raise AdsUnavailable("ADS's answer to a search has another shape than documented") from error


def complete(documents, announced):
    """The records of ``documents``, when they are all that were announced."""
    documents = list(documents)
    if len(documents) < announced:
        raise AdsUnavailable(f"ADS announced {announced} records and gave {len(documents)}")
    try:
        return [read_record(document) for document in documents]
    except ValueError as error:
        raise AdsResponseError(str(error)) from error
