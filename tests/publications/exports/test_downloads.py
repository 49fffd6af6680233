"""What all formats have in common: the selection, its number, nothing hidden, constant queries."""

import html
import re

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publications.models import Identifier
from tests.factories import HiddenTagFactory, PaperFactory, TagFactory
from tests.publications.exports.conftest import BIBCODE

pytestmark = pytest.mark.django_db
EXTENSIONS = ["csv", "xml", "bib", "ris", "json", "vot", "atom"]
FILES = [
    *(f"/papers.{extension}" for extension in EXTENSIONS),
    f"/papers/{BIBCODE}.bib",
    f"/papers/{BIBCODE}.json",
]


@pytest.mark.parametrize("address", FILES)
def test_no_file_holds_a_hidden_tag_or_an_abstract(fetch, published, address):
    text = fetch(address)

    for word in ("Secretly", "secretly", "JMMC", "2026-03-09", "Publisher's", "Publisher&#x27;s"):
        assert word not in text


@pytest.mark.parametrize("extension", ["json", "vot", "atom"])
def test_a_curator_gets_hidden_tags_never_from_a_shared_cache(client, curator, published, extension):
    client.force_login(curator)

    response = client.get(f"/papers.{extension}")

    assert "Secretly" in b"".join(response.streaming_content).decode()
    assert "private" in response["Cache-Control"]


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_each_file_is_the_selection_and_says_its_number(client, extension):
    vlti = TagFactory(name="VLTI")
    for n in range(3):
        PaperFactory(bibcode=f"2012A&A...540....{n}D", tags=[vlti], title=f"Chosen {n}")
    PaperFactory(bibcode="2013A&A...541....9D", title="Left out")

    response = client.get(f"/papers.{extension}?tag=vlti&per_page=1&page=1")

    text = b"".join(response.streaming_content).decode()
    assert response["X-Total-Count"] == "3"
    assert [text.count(f"Chosen {n}") for n in range(3)] == [1, 1, 1]
    assert "Left out" not in text


@pytest.mark.parametrize(
    "q",
    [
        BIBCODE,
        "2011arXiv1111.0001D",
        "doi:10.1051/0004-6361/201118519",
        "arXiv:1203.0001v2",
        "https://ui.adsabs.harvard.edu/abs/2012A%26A...540A...5D/abstract",
        "https://www.aanda.org/articles/aa/full_html/2012/04/aa18519-11/aa18519-11.html",
    ],
)
def test_an_identifier_selects_its_paper_in_each_format(client, published, q):
    Identifier.of(published, "2011arXiv1111.0001D").save()

    for extension in EXTENSIONS:
        assert client.get(f"/papers.{extension}", {"q": q})["X-Total-Count"] == "1"
    assert client.get("/papers.csv", {"q": q, "year": 2013})["X-Total-Count"] == "0"
    found = client.get("/api/papers/", {"q": q}).json()
    assert [paper["bibcode"] for paper in found["results"]] == [BIBCODE]
    assert client.get("/papers/", {"q": q})["Location"].startswith("/papers/2012A&A...540A...5D/")
    assert client.get("/papers/", {"q": q, "bogus": 1}).status_code == 400


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_an_identifier_that_is_not_here_selects_nothing(client, published, extension):
    response = client.get(f"/papers.{extension}", {"q": "https://doi.org/10.1051/elsewhere"})

    assert (response.status_code, response["X-Total-Count"]) == (200, "0")


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_refusal_is_the_same_text_in_each_format(client, extension):
    HiddenTagFactory(name="Secretly")

    unknown = client.get(f"/papers.{extension}?tag=nothing")
    hidden = client.get(f"/papers.{extension}?tag=secretly")

    assert unknown.status_code == hidden.status_code == 400
    assert unknown.content.decode() == "tag: there is no tag “nothing”; /tags/ lists them all\n"
    assert hidden.content.decode() == "tag: there is no tag “secretly”; /tags/ lists them all\n"


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_the_number_of_queries_does_not_grow_with_the_rows(fetch, extension):
    tag = TagFactory(name="VLTI")
    PaperFactory(tags=[tag], authors=["Mérand, A."], keywords=["stars"])
    with CaptureQueriesContext(connection) as few:
        fetch(f"/papers.{extension}")
    for n in range(20):
        PaperFactory(tags=[tag], authors=["Mérand, A.", f"Other{n}, A."], keywords=["stars", f"k{n}"])
    with CaptureQueriesContext(connection) as many:
        fetch(f"/papers.{extension}")

    assert len(many) == len(few)


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_an_empty_selection_is_a_whole_file(client, extension):
    PaperFactory()

    response = client.get(f"/papers.{extension}?year=1999")

    assert (response.status_code, response["X-Total-Count"]) == (200, "0")
    b"".join(response.streaming_content)


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_file_is_not_sent_again_until_the_data_change(client, curator, published, extension):
    address = f"/papers.{extension}?refereed=yes"
    headers = {"if-none-match": client.get(address)["ETag"]}
    again = client.get(address, headers=headers)
    client.force_login(curator)
    by_a_curator = client.get(address, headers=headers)
    client.logout()
    published.title = "Another title"
    published.save()

    assert (again.status_code, again.content) == (304, b"")
    assert (by_a_curator.status_code, "ETag" in by_a_curator) == (200, False)
    assert client.get(address, headers=headers).status_code == 200


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_malformed_selection_is_refused_whatever_the_visitor_has(client, published, extension):
    headers = {"if-none-match": client.get(f"/papers.{extension}")["ETag"]}
    refused = client.get(f"/papers.{extension}?bogus=1", headers=headers)

    assert (refused.status_code, "ETag" in refused) == (400, False)
    assert client.get(f"/papers.{extension}?year=20l2", headers={"if-none-match": "*"}).status_code == 400


@pytest.mark.parametrize("extension", ["bib", "json"])
def test_another_identifier_leads_to_the_file_of_the_present_bibcode(client, published, extension):
    Identifier.of(published, "2011arXiv1111.0001D").save()

    for old in ("2011arXiv1111.0001D", published.doi):
        response = client.get(f"/papers/{old}.{extension}")
        assert (response.status_code, response["Location"]) == (301, f"/papers/{BIBCODE}.{extension}")
    assert client.get(f"/papers/1999A&A...999..999X.{extension}").status_code == 404


@pytest.mark.parametrize("page", ["/tags/vlti/", "/targets/a-ori/", "/authors/merand-a/"])
def test_a_page_has_links_to_its_papers_as_list_and_feed(client, published, page):
    published.targets.update(slug="a-ori")
    text = client.get(page).text

    for path in ("/papers/", "/papers.atom"):
        address = re.search(rf'<a [^>]*href="({re.escape(path)}\?(?:tag|target|author)=[^"]+)"', text)[1]
        response = client.get(html.unescape(address))
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert BIBCODE in html.unescape(body.decode())


@pytest.mark.parametrize(
    "page", ["/tags/vlti/", "/targets/a-ori/", "/authors/merand-a/", "/papers/?tag=vlti&year=2012"]
)
def test_a_page_announces_the_feed_of_its_papers(fetch, published, page):
    published.targets.update(slug="a-ori")
    link = re.search(r'<link rel="alternate" type="application/atom\+xml" [^>]*href="([^"]*)"', fetch(page))

    feed = feedparser.parse(fetch(html.unescape(link[1])).encode())

    assert [entry.link for entry in feed.entries] == [f"http://127.0.0.1:8000/papers/{BIBCODE}/"]
