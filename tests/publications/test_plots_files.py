"""Figures as files: in each format, kept for each state of the data, with nothing hidden in them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publications.plots.forms import FORMS
from tests.factories import PaperFactory, TagFactory
from tests.publications.figure_files import FORMATS

pytestmark = pytest.mark.django_db
TITLES = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF-", "csv": b""}


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_each_figure_has_each_format_also_of_nothing(client, papers, kind, suffix):
    for query in ("", "year=1999"):
        response = client.get(f"/plots/{kind}.{suffix}?{query}")

        assert response.status_code == 200
        assert response.content.startswith(TITLES[suffix])
        assert f"olbin-{kind}.{suffix}" in response["Content-Disposition"]
        assert response["Cache-Control"].startswith("public")
        if query and suffix == "csv":
            assert response.content.count(b"\r\n") == 1, "only the heads"
        if query and suffix == "svg":
            assert "No paper meets" in response.content.decode()


def test_hidden_tags_are_in_no_figure_but_a_curator_s_which_nobody_else_gets(client, curator, papers):
    addresses = [
        "/plots/",
        "/plots/pie.csv?by=hidden",
        "/plots/histogram.csv?tags=secretly",
        "/statistics/",
    ]
    for _ in range(2):
        for address in addresses:
            text = client.get(address).content.decode()
            assert "Secretly" not in text
            assert "JMMC" not in text
        client.force_login(curator)
        responses = [client.get(address) for address in addresses]
        assert all("Secretly" in response.content.decode() for response in responses)
        assert "JMMC (internal)" in responses[0].content.decode()
        assert responses[1].content.decode().startswith("JMMC (internal),papers")
        assert {response["Cache-Control"] for response in responses} == {"private, no-store"}
        client.logout()


def test_a_figure_is_drawn_once_for_each_state_of_the_data(client, papers):
    first = client.get("/plots/histogram.svg?by=facility").content
    with CaptureQueriesContext(
        connection,
    ) as again:
        assert client.get("/plots/histogram.svg?by=facility").content == first
    assert not [query for query in again if "publications_paper" in query["sql"]]

    PaperFactory(tags=[TagFactory(name="VLTI")])
    assert client.get("/plots/histogram.svg?by=facility").content != first


def test_a_picture_that_a_reader_has_is_not_sent_again(client, papers):
    first = client.get("/plots/pie.svg")

    again = client.get("/plots/pie.svg", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_a_figure_that_did_not_change_may_still_be_embedded(client):
    first = client.get("/plots/histogram.svg")

    again = client.get("/plots/histogram.svg", headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    for header in ("Content-Security-Policy", "X-Frame-Options"):
        assert again[header] == first[header]
