"""Pages of what only the harvest knows."""

import pytest

from harvest.models import BlocklistEntry, Candidate, FilteredBibstem
from harvest.sources import import_source
from publications.models import Library
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db


def test_a_list_is_told_where_each_paper_stands(client):
    PaperFactory(bibcode="2012A&A...540A...5D", title="Here it is", doi="10.1051/0004-6361/201118010")
    BlocklistEntry.objects.create(bibcode="2007A&A...472..207F", reason="only-cites", note="a note")
    Candidate.objects.create(bibcode="2026A&A...700A...1C", year=2026)

    response = client.post(
        "/check/",
        {
            "list": "10.1051/0004-6361/201118010\n2007A&A...472..207F\n"
            "2026A&A...700A...1C\n1999ApJ...525L..97M\nnonsense"
        },
    )

    standings = [standing.state for _, standing in response.context["results"]]
    assert standings == ["here", "blocked", "candidate", "unknown"]
    text = response.content.decode()
    for words in (
        "1 in the database, 1 not in it, 1 blocklisted, 1 candidate<",
        "Here it is",
        "blocklisted: only cites interferometry, a note",
        "a candidate",
        "line 5: “nonsense”",
    ):
        assert words in text


def test_the_number_of_queries_of_a_check_does_not_follow_its_length(client, django_assert_max_num_queries):
    text = "\n".join(f"2012A&A...540A{n:.>4}D" for n in range(400))

    with django_assert_max_num_queries(6):
        client.post("/check/", {"list": text})


@pytest.mark.parametrize("text", ["", "a" * 5_000_001])
def test_an_empty_or_endless_list_is_refused_in_words(client, text):
    response = client.post("/check/", {"list": text})

    assert response.status_code == 400
    assert "list: " in response.content.decode()


@pytest.mark.parametrize(
    ("q", "address"),
    [
        ("2012A%26A...540A...5D", "/papers/2012A&A...540A...5D/"),
        ("doi:10.1051/0004-6361/201118010", "/papers/2012A&A...540A...5D/"),
        ("https://ui.adsabs.harvard.edu/abs/2012A%26A...540A...5D/abstract", "/papers/2012A&A...540A...5D/"),
        ("2007A%26A...472..207F", "/check/?list=2007A%26A...472..207F"),
    ],
)
def test_words_that_are_an_identifier_open_the_paper_or_say_where_it_stands(client, q, address):
    PaperFactory(bibcode="2012A&A...540A...5D", doi="10.1051/0004-6361/201118010")

    response = client.get(f"/papers/?q={q}")

    assert (response.status_code, response["Location"]) == (302, address)


def test_the_blocklist_tells_its_reasons(client):
    BlocklistEntry.objects.create(bibcode="2007A&A...472..207F", reason="duplicate", note="of another")

    text = client.get("/blocklist/").content.decode()

    assert "2007A&amp;A...472..207F" in text
    assert "of another" in text
    assert client.get("/blocklist/?page=2").status_code == 404


def test_a_bibcode_of_another_database_leads_to_the_paper_here_or_to_ads(client):
    PaperFactory(bibcode="2012A&A...540A...5D")
    import_source("jmdc", "BIBCODE,METHOD\n2012A&A...540A...5D,1\n1999ApJ...525L..97M,1\n")

    text = client.get("/sources/").text

    assert '<a href="/papers/2012A&amp;A...540A...5D/">2012A&amp;A...540A...5D</a>' in text
    assert '<a href="https://ui.adsabs.harvard.edu/abs/1999ApJ...525L..97M/abstract">1999ApJ' in text
    assert "/papers/1999ApJ" not in text


def test_a_database_that_was_not_read_yet_has_no_numbers(client):
    import_source("oidb", "2012A&A...540A...5D")

    text = client.get("/sources/").text

    assert "1 in OiDB, not here<" in text
    assert ">Not known: VLTI papers of ESO telbib, not here<" in text
    assert '<p class="muted">ESO telbib was not read yet.</p>' in text
    assert text.count("JMDC was not read yet.") == 7
    assert '<h2 class="next">0 ' not in text


def test_about_names_the_filtered_bibstems_of_the_data(client):
    FilteredBibstem.objects.update_or_create(bibstem="MNRAS.tmp", defaults={"note": "becomes MNRAS"})

    text = client.get("/about/").text
    assert "except for these series, which are never proposed:" in text
    assert "MNRAS.tmp</span> (becomes MNRAS)" in text


def test_ready_made_queries_hold_the_id_of_the_library_once_it_is_bound(client):
    assert "ID-OF-olbin-refereed" in client.get("/ads/queries/").content.decode()

    Library.objects.create(name="olbin-refereed", ads_id="abcdefghijklmnopqrstuv")

    assert "docs(library/abcdefghijklmnopqrstuv)" in client.get("/ads/queries/").content.decode()


def test_blocks_and_candidates_are_known_by_each_of_their_identifiers(client):
    BlocklistEntry.objects.create(
        bibcode="2007A&A...472..207F", reason="only-cites", identifiers=["10.1051/blocked", "0707.00001"]
    )
    Candidate.objects.create(
        bibcode="2026A&A...700A...1C", year=2026, doi="10.1051/waits", arxiv="2601.00001",
        identifiers=["2026arXiv260100001C"],
    )  # fmt: skip

    response = client.post(
        "/check/",
        {"list": "10.1051/blocked\narXiv:0707.00001\n10.1051/WAITS\n2601.00001v2\n2026arXiv260100001C"},
    )

    states = [standing.state for _, standing in response.context["results"]]
    assert states == ["blocked", "blocked", "candidate", "candidate", "candidate"]
