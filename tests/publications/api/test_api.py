"""What each address of the API answers, and how it refuses."""

import gzip
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publications.models import DataState, Identifier, Library, TagSlug, TargetLink
from tests.factories import CategoryFactory, HiddenTagFactory, PaperFactory, TagFactory, TargetFactory

pytestmark = pytest.mark.django_db
BIBCODE = "2012A&A...540A...5D"
LISTS = ["papers", "tags", "categories", "journals", "targets", "libraries"]
ADDRESSES = [
    *(f"/api/{name}/" for name in LISTS), "/api/", "/api/statistics/", "/api/schema/",
    f"/api/papers/{BIBCODE}/", "/api/tags/vlti/", "/api/targets/hd-39801/",
]  # fmt: skip


@pytest.fixture
def rows(db):
    hidden, vlti = HiddenTagFactory(name="Secretly"), TagFactory(name="VLTI")
    vlti.parents.add(hidden)
    paper = PaperFactory(
        bibcode=BIBCODE, tags=[vlti, hidden], authors=["Mérand, A."], abstract="Publisher's words"
    )
    target = TargetFactory(name="HD 39801")
    TargetLink.objects.create(paper=paper, target=target, kind="named")
    Library.objects.create(name="olbin", tag=vlti)
    Library.objects.create(name="olbin-internal", tag=hidden)
    Library.objects.create(name="olbin-private", public=False)
    return paper


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_hidden_is_reachable_not_even_by_a_curator(client, curator, rows, address):
    client.force_login(curator)

    text = client.get(address).content.decode()

    for word in ("Secretly", "secretly", "HIDDEN", "JMMC", "Publisher", "olbin-private", "given_by"):
        assert word not in text


@pytest.mark.parametrize(
    "address",
    ["/api/papers/?tag={}", "/api/papers/?not={}", "/api/statistics/?tag={}", "/api/tags/{}/"],
)
def test_a_hidden_tag_is_answered_as_an_unknown_one(client, curator, rows, address):
    client.force_login(curator)

    hidden, unknown = (client.get(address.format(slug)) for slug in ("secretly", "unknowns"))

    assert hidden.status_code == unknown.status_code != 200
    assert hidden.content.replace(b"secretly", b"unknowns") == unknown.content


def test_a_paper_is_the_same_object_as_in_the_file(client, rows):
    written = client.get(f"/papers/{BIBCODE}.json").json()

    assert client.get(f"/api/papers/{BIBCODE}/").json() == written
    assert client.get("/api/papers/").json()["results"] == [written]


def test_an_old_identifier_and_an_old_slug_answer_too(client, rows):
    Identifier.of(rows, "10.1051/0004-6361/201100001").save()
    TagSlug.objects.create(slug="vlt-i", tag=rows.tags.get(name="VLTI"))

    assert client.get("/api/papers/10.1051/0004-6361/201100001/").json()["bibcode"] == BIBCODE
    assert client.get("/api/tags/vlt-i/").json()["slug"] == "vlti"


@pytest.mark.parametrize(
    ("address", "status", "errors"),
    [
        ("papers/?year=20l2", 400,
         {"year": ["“20l2” is not a year or a range of years; give 2012, 2012-2016, 2012- or -2011"]}),
        ("papers/?page=9", 400, {"page": ["there is no page 9; the last one is 1"]}),
        # Blanks beside the space: Python takes them for nothing, the OpenAPI document does not.
        ("tags/?per_page=%1C", 400, {"per_page": ["“\x1c” is not a whole number from 1 to 200"]}),
        ("papers/?authors=%C2%852", 400,
         {"authors": ["“\x852” is not a number of authors; give 1, 1-3 or 4-"]}),
        ("papers/?page=1&page=2", 400, {"page": ["is given 2 times; give it once"]}),
        ("tags/?fields=name,abstract", 400, {"fields": [
            "there is no field “abstract”; known are slug, name, category, description, parents, papers"
        ]}),
        ("tags/?tag=vlti", 400, {"tag": ["there is no such parameter; known are fields, page, per_page"]}),
        ("?x=1", 400, {"x": ["there is no such parameter; known are "]}),
        ("papers/1999A&A...999..999X/", 404,
         {"identifier": ["no paper here has the identifier 1999A&A...999..999X"]}),
        ("tags/nothing/", 404, {"slug": ["there is no tag “nothing”; /tags/ lists them all"]}),
        ("targets/nothing/", 404, {"slug": ["there is no target “nothing”; /api/targets/ lists them all"]}),
        ("nowhere/", 404, {"request": ["there is no such address; /api/ lists them all"]}),
    ],
)  # fmt: skip
def test_a_refusal_names_the_parameter(client, rows, address, status, errors):
    response = client.get(f"/api/{address}")

    assert (response.status_code, response.json()) == (status, {"errors": errors})


def test_an_unknown_parameter_of_a_selection_is_named(client):
    (message,) = client.get("/api/papers/?yaer=2012").json()["errors"]["yaer"]

    assert message.startswith("there is no such parameter; known are ")
    assert " year, " in message


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_only_reads(client, rows, method):
    response = getattr(client, method)("/api/papers/")

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert list(response.json()["errors"]) == ["request"]


@pytest.mark.parametrize("name", LISTS)
def test_fields_leave_out_the_rest(client, rows, name):
    first = client.get(f"/api/{name}/").json()["results"][0]

    for field in first:
        thin = client.get(f"/api/{name}/?fields={field}").json()["results"][0]
        assert thin == {field: first[field]}


def test_pages_hold_every_paper_once_and_lead_to_each_other(client):
    for n in range(7):
        PaperFactory(bibcode=f"2012A&A...540....{n}D")
    address, seen, pages = "/api/papers/?per_page=3&sort=title&year=2012", [], 0
    while address:
        page = client.get(address).json()
        seen += [paper["bibcode"] for paper in page["results"]]
        address, pages, last = page["next"], pages + 1, page

    assert (len(seen), len(set(seen)), pages, last["count"]) == (7, 7, 3, 7)
    assert last["previous"] == "http://testserver/api/papers/?per_page=3&sort=title&year=2012&page=2"


def test_statistics_count_the_papers_of_the_selection(client):
    vlti = TagFactory(name="VLTI", category=CategoryFactory(name="Facility"))
    PaperFactory(bibcode="2012A&A...540....1D", tags=[vlti])
    PaperFactory(bibcode="2012ApJ...540....1D", tags=[vlti], refereed=None)
    PaperFactory(bibcode="2013A&A...540....1D", refereed=False)

    assert client.get("/api/statistics/?year=2012").json() == {
        "papers": 2,
        "refereed": {"yes": 1, "no": 0, "unknown": 1},
        "years": [{"year": 2012, "papers": 2}],
        "journals": [{"bibstem": "A&A", "papers": 1}, {"bibstem": "ApJ", "papers": 1}],
        "tags": [{"slug": "vlti", "name": "VLTI", "category": "Facility", "papers": 2}],
    }


@pytest.mark.parametrize("name", LISTS)
def test_the_number_of_queries_does_not_grow_with_the_rows(client, rows, name):
    with CaptureQueriesContext(connection) as few:
        client.get(f"/api/{name}/")
    for n in range(9):
        tag = TagFactory(category=CategoryFactory(name=f"Category {n}"))
        paper = PaperFactory(bibcode=f"2012Jour{n}.540....{n}D", tags=[tag], authors=[f"Other{n}, A."])
        TargetLink.objects.create(paper=paper, target=TargetFactory(), kind="named")
        Library.objects.create(name=f"library {n}", tag=tag)
    with CaptureQueriesContext(connection) as many:
        client.get(f"/api/{name}/")

    assert len(many) == len(few), "\n".join(query["sql"][:150] for query in many)


def test_an_answer_is_not_sent_again_until_the_data_change(client, rows):
    first = client.get("/api/papers/")
    again = client.get("/api/papers/", headers={"If-None-Match": first["ETag"]})
    PaperFactory()
    changed = client.get("/api/papers/", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert (changed.status_code, changed["ETag"]) == (200, f'"{DataState.current().number}"')
    assert first["ETag"] != changed["ETag"]
    assert first["Last-Modified"].endswith(" GMT")
    assert "public" in first["Cache-Control"]


@pytest.mark.parametrize("name", [*LISTS, "statistics"])
def test_a_malformed_request_is_refused_whatever_the_visitor_has(client, rows, name):
    headers = {"If-None-Match": client.get(f"/api/{name}/")["ETag"]}
    refused = client.get(f"/api/{name}/?bogus=1", headers=headers)

    assert (refused.status_code, "ETag" in refused) == (400, False)


def test_answers_are_compressed_when_asked_for(client):
    for _ in range(5):
        PaperFactory()

    response = client.get("/api/papers/", headers={"Accept-Encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(response.content))["count"] == 5


@pytest.mark.parametrize("address", ["/api/papers/", "/papers.json", "/papers.vot"])
def test_any_site_may_read_files_and_api_without_credentials(client, address):
    response = client.get(address)
    preflight = client.options(address, headers={"Access-Control-Request-Method": "GET", "Origin": "null"})

    assert response["Access-Control-Allow-Origin"] == preflight["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert preflight["Access-Control-Allow-Methods"] == "GET, HEAD"


def test_pages_and_refused_writes_are_not_for_other_sites(client):
    assert "Access-Control-Allow-Origin" not in client.get("/papers/")
    assert "Access-Control-Allow-Origin" not in client.post("/api/papers/")


def test_too_many_requests_are_told_when_to_come_back(client, settings):
    settings.API_RATE = "2/min"

    answers = [client.get("/api/tags/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert answers[2]["X-RateLimit-Limit"] == "2"
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert "errors" in answers[2].json()


def test_an_address_cannot_be_made_up_to_ask_more(client, settings):
    settings.API_RATE = "1/min"

    answers = [
        client.get("/api/tags/", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(2)
    ]

    assert answers == [200, 429]


def test_the_openapi_document_names_the_fields_that_can_be_asked_for(client, db):
    document = client.get("/api/schema/?format=json").json()
    parameters = {each["name"]: each for each in document["paths"]["/api/tags/"]["get"]["parameters"]}
    _, names = parameters["fields"]["description"].split(": ")
    assert {"slug", "name", "category"} <= {*names.split(", ")}
    assert client.get("/api/tags/", {"fields": names}).status_code == 200
