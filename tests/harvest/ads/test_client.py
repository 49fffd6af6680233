"""The client against the stand-in, over real HTTP."""

import pytest

from harvest.ads.client import AdsClient
from harvest.ads.errors import AdsAuthError, AdsRateLimited, AdsResponseError, AdsUnavailable
from harvest.ads.libraries import LibraryMissing
from harvest.ads.quota import Quota


@pytest.fixture
def waits():
    return []


@pytest.fixture
def client(ads_sandbox, waits):
    return AdsClient.at(ads_sandbox.url, "token", sleep=waits.append, timeout=(2, 5))


@pytest.fixture
def crowd(ads_sandbox):
    """4,500 papers of one day: only a tie-break makes their pages stable."""
    return [
        ads_sandbox.add(
            f"2012A&A...{n // 1000 + 540}{n % 1000:A>5}D"[:18] + "D", body="interferometer"
        ).bibcode
        for n in range(4500)
    ]


def test_search_pages_past_2000_rows_and_unstable_ties(client, crowd, ads_sandbox):
    records = client.search('full:"interferometer"', "bibcode")

    assert sorted(record.bibcode for record in records) == sorted(crowd)
    assert len(ads_sandbox.calls) == 3


def test_bigquery_gives_all_rows_and_follows_old_bibcodes(client, crowd, ads_sandbox):
    ads_sandbox.corpus.publish(crowd[0], "2013A&A...600A...1D")

    records = client.bigquery(crowd, "bibcode,identifier")

    assert len(records) == 4500
    assert "2013A&A...600A...1D" in {record.bibcode for record in records}
    assert len(ads_sandbox.calls) == 3


def test_old_forms_lead_to_the_present_record_and_leave_out_the_unknown(client, ads_sandbox):
    ads_sandbox.add("2020arXiv200100001C")
    ads_sandbox.corpus.publish("2020arXiv200100001C", "2020A&A...641A..85C")

    found = client.known_as(["2020arXiv200100001C", "1999ApJ...525L..97M"])

    assert {name: record.bibcode for name, record in found.items()} == {
        "2020arXiv200100001C": "2020A&A...641A..85C"
    }


def test_record_reads_what_adss_fields_say(client, ads_sandbox):
    ads_sandbox.add(
        "2012A&A...540A...5D", title="H<SUB>2</SUB>O", authors=["Dupont, A."], doi="10.1051/x(1)",
        arxiv="1204.4485", keywords=["stars"], refereed=False, pubdate="2012-04-00",
        pub="A&A", abstract="Not Available <P />",
    )  # fmt: skip
    ads_sandbox.add("2013A&A...550A...5D", references=["2012A&A...540A...5D"])

    (record,) = client.look_up(["doi:10.1051/X(1)"])

    assert record.title == "H<SUB>2</SUB>O"
    assert (record.year, record.pubdate, record.volume, record.page) == (2012, "2012-04-00", "540", "A5")
    assert (record.doi, record.arxiv, record.refereed, record.abstract) == (
        "10.1051/x(1)",
        "1204.4485",
        False,
        "",
    )
    assert record.citations == {"2013A&A...550A...5D"}
    assert record.citation_count == 1


def test_broken_query_is_refused_with_adss_own_message(client, waits):
    with pytest.raises(AdsResponseError, match="Syntax Error, cannot parse full:"):
        client.search('full:("a" OR')
    assert waits == []


def test_odd_identifiers_break_no_query(client, ads_sandbox):
    ads_sandbox.add("2012A&A...540A...5D", doi="10.1051/x")
    odd = ["10.1051/\\", '10.1051/"', "10.1051/(", "10.1051/x"]
    assert [record.doi for record in client.look_up(odd)] == ["10.1051/x"]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 502},
        {"kind": "status", "status": 504, "body": "504 Gateway Timeout"},
        {"kind": "status", "status": 499, "body": '{"error": "Server too busy"}'},
        {"kind": "status", "status": 429, "headers": {"Retry-After": "3"}},
        {"kind": "drop_before"},
        {"kind": "drop_after"},
        {"kind": "cut"},
        {"kind": "broken_json"},
        {"kind": "html"},
        {"kind": "partial"},
    ],
    ids=lambda fault: f"{fault['kind']}-{fault.get('status', '')}",
)
def test_passing_fault_is_overcome_and_lasting_one_raised(client, ads_sandbox, waits, fault):
    ads_sandbox.add("2012A&A...540A...5D")
    ads_sandbox.fail(**fault, times=2)
    assert [record.bibcode for record in client.search("year:2012")] == ["2012A&A...540A...5D"]
    assert len(waits) == 2

    ads_sandbox.fail(**fault, times=None)
    with pytest.raises((AdsUnavailable, AdsRateLimited)):
        client.search("year:2012")
    assert len(waits) == 2 + 4


def test_slow_answer_is_given_up(ads_sandbox, waits):
    client = AdsClient.at(ads_sandbox.url, "token", sleep=waits.append, timeout=(1, 0.1))
    ads_sandbox.fail("slow", seconds=0.5, times=None)

    with pytest.raises(AdsUnavailable, match="ReadTimeout"):
        client.search("year:2012")


def test_short_page_is_never_taken_for_the_whole(client, ads_sandbox):
    for page in range(4):
        ads_sandbox.add(f"2012A&A...540A...{page}D")
    ads_sandbox.fail("short_page", times=None)

    with pytest.raises(AdsUnavailable, match="announced 4 records and gave 2"):
        client.search("year:2012", "bibcode")


def test_quota_of_hours_is_not_waited_for(client, ads_sandbox, waits):
    ads_sandbox.fail("status", status=429, headers={"Retry-After": "28715"}, times=None)

    with pytest.raises(AdsRateLimited) as caught:
        client.search("year:2012")

    assert caught.value.retry_after == 28715
    assert waits == []
    assert len(ads_sandbox.calls) == 1


def test_background_work_leaves_a_reserve_to_people(ads_sandbox):
    ads_sandbox.limits["search/query"] = 100
    background = AdsClient.at(ads_sandbox.url, "token", background=True)
    for _ in range(95):
        background.count("year:2012")
    with pytest.raises(AdsRateLimited, match="kept for people"):
        background.count("year:2012")
    assert len(ads_sandbox.calls) == 95

    person = AdsClient.at(ads_sandbox.url, "token", quotas=background.session.quotas)
    assert person.count("year:2012") == 0
    assert background.session.quotas.load("search/query").remaining == 4


def test_absent_quota_headers_forbid_nothing(client):
    client.session.quotas.store("search/query", Quota(None, 0, None))
    assert client.count("year:2012") == 0


def test_bad_token_is_not_tried_again(ads_sandbox, waits):
    client = AdsClient.at(ads_sandbox.url, "expired", sleep=waits.append)
    with pytest.raises(AdsAuthError, match="ADS_API_TOKEN"):
        client.search("year:2012")
    assert len(ads_sandbox.calls) == 1


def test_export_resolves_aliases_and_an_empty_one_is_empty(client, ads_sandbox):
    ads_sandbox.add("2012A&A...540A...5D", title="A star")

    assert "@ARTICLE{2012A&A...540A...5D," in client.export(["2012A&A...540A...5D"])
    assert client.export(["1999ApJ...525L..97M"]) == ""


def test_object_query_is_adss_text(client):
    assert client.object_query("m31").startswith("((=abs:m31")


def test_library_is_read_whole_and_written_in_portions(client, crowd, ads_sandbox):
    ads_id = client.libraries.create("olbin-refereed", "papers")
    client.libraries.add(ads_id, crowd)

    info, held = client.libraries.read(ads_id)

    assert info.count == 4500
    assert held == set(crowd) == ads_sandbox.held("olbin-refereed")
    client.libraries.remove(ads_id, crowd[:300])
    assert client.libraries.read(ads_id)[1] == set(crowd[300:])


def test_long_name_is_cut_by_us_so_that_a_second_library_is_refused(client):
    name = "tag-olbin " + "a very long tag " * 4
    client.libraries.create(name, "d" * 300)

    (info,) = client.libraries.all()
    assert (len(info.name), len(info.description)) == (50, 200)
    with pytest.raises(AdsResponseError, match="already exists"):
        client.libraries.create(name, "")


def test_adding_an_unknown_bibcode_is_no_error_and_no_entry(client, ads_sandbox):
    ads_id = client.libraries.create("x", "")
    client.libraries.add(ads_id, ["1999ApJ...525L..97M"])
    assert client.libraries.read(ads_id)[1] == set()


def test_missing_library_is_told_from_an_empty_one(client):
    with pytest.raises(LibraryMissing):
        client.libraries.read("A" * 22)
    with pytest.raises(LibraryMissing):
        client.libraries.add("A" * 22, ["1999ApJ...525L..97M"])


def test_short_listing_of_a_library_is_an_error(client, ads_sandbox):
    library = ads_sandbox.library("x", ["2012A&A...540A...5D", "1999ApJ...525L..97M"])
    # Every page is half of what it should be: in the end nothing comes, and entries are missing.
    ads_sandbox.fail("short_page", path="raw", times=None)
    with pytest.raises(AdsUnavailable, match="has 2 entries"):
        client.libraries.read(library.id)


def test_create_is_not_repeated_after_an_unknown_outcome(client, ads_sandbox):
    ads_sandbox.fail("drop_after", path="biblib/libraries", method="POST")
    with pytest.raises(AdsUnavailable):
        client.libraries.create("x", "")
    assert len(ads_sandbox.writes()) == 1
    assert [info.name for info in client.libraries.all()] == ["x"]


def test_records_are_looked_up_beside_a_condition_that_nearly_fills_the_address(client, ads_sandbox):
    papers = [f"2020A&A...641A..{n}C" for n in range(10, 70)]
    for bibcode in papers:
        ads_sandbox.add(bibcode, body="the VLTI")
    ads_sandbox.add("2020A&A...641A..99C", body="something else")
    names = " OR ".join(f'"a long name of software, number {n}"' for n in range(60))
    found = client.look_up([*papers, "2020A&A...641A..99C"], "bibcode", f'=full:("VLTI" OR {names})')
    assert {record.bibcode for record in found} == {*papers}
