"""The cone search's answers, read by astropy's VOTable reader."""

import io
import logging
import math
from urllib.parse import unquote

import numpy as np
import pytest
from astropy.io.votable import parse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publications.models import SimbadReading, Target, TargetLink
from publications.vo import rows
from tests.factories import PaperFactory, TargetFactory
from tests.publications.vo_sky import link, small_sky

AT_BETELGEUSE = {"RA": "88.793", "DEC": "7.407", "SR": "0.01"}


@pytest.fixture
def sky(db):
    return small_sky()


def ask(client, method="get", **parameters):
    return getattr(client, method)(reverse("publications:cone-search"), parameters)


def body(response):
    return b"".join(response) if response.streaming else response.content


def document(response):
    return parse(io.BytesIO(body(response)))


def table(response):
    assert response.status_code == 200
    return document(response).get_first_table()


def ids(response):
    return list(table(response).array["id"])


def statuses(response):
    votable = document(response)
    return [info.value for info in votable.resources[0].infos if info.name == "QUERY_STATUS"]


def message(response):
    """The text that a client shows: the only INFO named Error, at the root."""
    assert response.status_code == 200
    votable = document(response)
    (error,) = [info for info in votable.infos if info.name == "Error"]
    assert [info.value for info in votable.resources[0].infos if info.name == "QUERY_STATUS"] == ["ERROR"]
    assert not list(votable.iter_tables())
    return error.value


def test_one_row_for_each_paper_target_pair(client, sky):
    response = ask(client, **AT_BETELGEUSE)
    number = sky["betelgeuse"].pk
    assert ids(response) == [f"2009A&A...508..923H|{number}", f"2016A&A...588A.130M|{number}"]
    assert statuses(ask(client, **AT_BETELGEUSE)) == ["OK"]
    assert response["Content-Type"] == "text/xml;content=x-votable"


def test_a_row_says_what_is_known_of_paper_and_target(client, sky):
    row = table(ask(client, **AT_BETELGEUSE)).array[0]
    assert row["ra"] == 88.79293899
    assert row["dec"] == 7.407064
    assert row["distance"] == pytest.approx(math.hypot(0.000064, 0.00006101 * 0.99166), rel=1e-4)
    assert row["bibcode"] == "2009A&A...508..923H"
    assert row["target_name"] == "* alf Ori"
    assert row["title"] == 'Imaging the spotty surface of Betelgeuse & "others" 𝛼 < 5'
    assert (row["first_author"], row["n_authors"], row["year"]) == ("Haubois, X.", 2, 2009)
    assert (row["journal"], row["doi"]) == ("A&A", "10.1051/0004-6361/200912927")
    assert row["refereed"]
    assert row["tags_facility"] == "VLTI; MIRC-X"
    assert (row["target_type"], row["link"], row["mentions"], row["citations"]) == ("s*r", "measured", 7, 0)
    assert row["ads_url"] == "https://ui.adsabs.harvard.edu/abs/2009A%26A...508..923H/abstract"


def test_unknown_values_are_null(client, sky):
    array = table(ask(client, **AT_BETELGEUSE)).array
    for column in ("refereed", "citations", "mentions", "n_authors"):
        assert array[column].mask[1], column


def test_an_incomplete_list_of_authors_has_no_number(client, sky):
    sky["first"].authors_complete = False
    sky["first"].save()
    array = table(ask(client, **AT_BETELGEUSE)).array
    assert array["n_authors"].mask[0]
    assert array["first_author"][0] == "Haubois, X."


@pytest.mark.parametrize("verbosity", ["1", "2", "3"])
def test_hidden_tags_never_appear(client, sky, verbosity):
    answer = body(ask(client, **AT_BETELGEUSE, VERB=verbosity)).decode()
    assert "internal remark" not in answer
    assert "HIDDEN" not in answer
    assert "JMMC" not in answer


def test_a_hidden_tag_is_refused_as_an_unknown_one(client, sky):
    hidden, unknown = (
        message(ask(client, **AT_BETELGEUSE, TAG=slug)) for slug in ("internal-remark", "nothing")
    )
    assert (
        hidden.replace("internal-remark", "nothing") == unknown == "TAG=nothing is not a tag of this database"
    )


def test_verbosity_adds_columns_and_the_least_has_six(client, sky):
    found = {}
    for verbosity in ("1", "2", "3"):
        found[verbosity] = [
            field.name for field in table(ask(client, **AT_BETELGEUSE, VERB=verbosity)).fields
        ]
    usual = [field.name for field in table(ask(client, **AT_BETELGEUSE)).fields]
    assert found["1"] == ["id", "ra", "dec", "distance", "bibcode", "target_name"]
    assert found["2"] == usual
    assert set(found["1"]) < set(found["2"]) < set(found["3"])


@pytest.mark.parametrize("verbosity", ["1", "2", "3"])
@pytest.mark.parametrize(
    ("ucd_version", "expected"),
    [
        ("1", ["ID_MAIN", "POS_EQ_RA_MAIN", "POS_EQ_DEC_MAIN"]),
        ("2", ["meta.id;meta.main", "pos.eq.ra;meta.main", "pos.eq.dec;meta.main"]),
    ],
)
def test_exactly_one_field_for_identity_and_position(client, sky, verbosity, ucd_version, expected):
    fields = table(ask(client, **AT_BETELGEUSE, VERB=verbosity, UCD=ucd_version)).fields
    main = [f.ucd for f in fields if "MAIN" in f.ucd.upper()]
    assert main == expected
    assert [(f.datatype, f.arraysize) for f in fields[:3]] == [
        ("char", "*"),
        ("double", None),
        ("double", None),
    ]
    for field in fields:
        assert field.description, field.name
        assert field.ucd, field.name


def test_positions_refer_to_icrs_at_j2000(client, sky):
    votable = document(ask(client, **AT_BETELGEUSE))
    (frame,) = votable.resources[0].coordinate_systems
    assert (frame.ID, frame.system, frame.epoch, frame.equinox) == ("icrs", "ICRS", "J2000.0", None)
    assert [(f.name, f.unit.to_string()) for f in votable.get_first_table().fields if f.ref == "icrs"] == [
        ("ra", "deg"),
        ("dec", "deg"),
    ]


def test_the_answer_says_what_was_asked_and_how_to_cite(client, sky):
    infos = {info.name: info.value for info in document(ask(client, **AT_BETELGEUSE)).resources[0].infos}
    assert infos["standardID"] == "ivo://ivoa.net/std/ConeSearch"
    assert infos["request"].endswith("/vo/conesearch?RA=88.793&DEC=7.407&SR=0.01")
    assert infos["citation"].endswith("/about/")


def test_a_service_descriptor_opens_a_rows_paper(client, sky):
    resource = document(ask(client, **AT_BETELGEUSE)).resources[1]
    assert (resource.type, resource.utype) == ("meta", "adhoc:service")
    (access,) = resource.params
    (parameter,) = resource.groups[0].entries
    assert (parameter.name, parameter.ref) == ("bibcode", "bibcode")
    response = client.get(access.value, {"bibcode": "2009A&A...508..923H"})
    assert response.status_code == 302
    assert unquote(response["Location"]) == "/papers/2009A&A...508..923H/"
    assert client.get(access.value, {"bibcode": "//example.org"}).status_code == 404


# --- the cone ---------------------------------------------------------------------------------


def names(client, ra, dec, sr, **more):
    return set(table(ask(client, RA=ra, DEC=dec, SR=sr, **more)).array["target_name"])


@pytest.mark.parametrize(
    ("cone", "expected"),
    [
        (("0", "0", "0.001"), {"Seam"}),
        (("360", "0", "0.001"), {"Seam"}),
        (("359.999", "0", "0.01"), {"Seam"}),
        (("-10", "0", "10"), {"Seam"}),
        (("719.9999", "0", "1e-6"), {"Seam"}),
        (("123.4", "90", "1e-6"), {"North"}),
        (("321", "-90", "0.1"), {"South"}),
        (("10", "90", "0"), {"North"}),
        (("0", "0", "0"), set()),
        (("0", "0", "90"), {"Seam", "North", "South", "* alf Ori", "* bet Ori"}),
        (("0", "0", "180"), {"Seam", "North", "South", "* alf Ori", "* bet Ori"}),
        (("0", "0", "1000"), {"Seam", "North", "South", "* alf Ori", "* bet Ori"}),
        (("200", "10", "1e-6"), set()),
    ],
)
def test_poles_seam_and_radii(client, sky, cone, expected):
    assert names(client, *cone) == expected


def test_the_nearest_rows_come_first(client, sky):
    array = table(ask(client, RA="80", DEC="0", SR="30")).array
    assert list(array["target_name"]) == ["* bet Ori", "* alf Ori", "* alf Ori"]
    assert list(array["distance"]) == sorted(array["distance"])


def test_nearly_opposite_points_have_exact_distances(client, db):
    link(PaperFactory(), TargetFactory(ra=180.0, dec=1e-7))
    assert table(ask(client, RA="0", DEC="0", SR="180")).array["distance"][0] == pytest.approx(
        180 - 1e-7, abs=1e-11
    )


def test_our_own_parameters_narrow_the_papers(client, sky):
    assert len(ids(ask(client, **AT_BETELGEUSE, TAG="mirc-x"))) == 2
    both = client.get(reverse("publications:cone-search"), {**AT_BETELGEUSE, "TAG": ["mirc-x", "vlti"]})
    assert list(table(both).array["bibcode"]) == ["2009A&A...508..923H"]
    for years, count in [("2009", 1), ("2009-2016", 2), ("2010-", 1), ("-2008", 0)]:
        assert len(ids(ask(client, **AT_BETELGEUSE, YEAR=years))) == count
    assert len(ids(ask(client, **AT_BETELGEUSE, KIND="listed"))) == 1
    either = client.get(
        reverse("publications:cone-search"), {**AT_BETELGEUSE, "KIND": ["listed", "measured"]}
    )
    assert len(ids(either)) == 2


def test_catalogues_are_left_out_or_alone(client, sky):
    SimbadReading.objects.create(
        paper=sky["second"], read_at=timezone.now(), objects_count=400, catalogue=True
    )
    every = table(ask(client, **AT_BETELGEUSE, VERB="3")).array
    assert list(every["catalogue"].filled(False)) == [False, True]
    for word, bibcode in [("no", "2009A&A...508..923H"), ("yes", "2016A&A...588A.130M")]:
        assert list(table(ask(client, **AT_BETELGEUSE, CATALOGUE=word)).array["bibcode"]) == [bibcode]


def test_grouped_by_paper_a_row_stands_at_the_nearest_target(client, sky):
    array = table(ask(client, RA="80", DEC="-5", SR="30", GROUP="paper")).array
    assert list(array["id"]) == ["2016A&A...588A.130M", "2009A&A...508..923H"]
    assert list(array["target_name"]) == ["* bet Ori", "* alf Ori"]
    cut = ask(client, RA="80", DEC="-5", SR="30", GROUP="paper", MAXREC="1")
    assert ids(cut) == ["2016A&A...588A.130M"]


# --- parameters -------------------------------------------------------------------------------


def test_names_of_parameters_are_taken_in_any_case_and_order(client, sky):
    assert len(ids(ask(client, sr="0.01", Dec="7.407", ra="88.793"))) == 2


def test_unknown_parameters_are_ignored_even_twice(client, sky):
    query = {**AT_BETELGEUSE, "FOO": ["1", "2"], "CATALOG": "x", "POS": "", "utm_source": "x"}
    assert len(ids(client.get(reverse("publications:cone-search"), query))) == 2


@pytest.mark.parametrize("number", ["+88.793", "8.8793e1", " 88.793", "88.793 ", "088.793"])
def test_numbers_in_every_decimal_spelling(client, sky, number):
    assert len(ids(ask(client, **AT_BETELGEUSE | {"RA": number}))) == 2


@pytest.mark.parametrize(
    "value", ["nan", "NaN", "inf", "-inf", "1_0", "1,5", "05 55 10", "5:55:10", "١٠", "x", "1e999"]
)
@pytest.mark.parametrize("name", ["RA", "DEC", "SR"])
def test_what_is_no_decimal_number_is_an_error(client, db, name, value):
    assert message(ask(client, **AT_BETELGEUSE | {name: value})).startswith(f"{name}: “")


@pytest.mark.parametrize("name", ["RA", "DEC", "SR"])
def test_a_missing_or_empty_parameter_is_an_error(client, db, name):
    without = {other: value for other, value in AT_BETELGEUSE.items() if other != name}
    assert message(ask(client, **without)).startswith(f"{name} is missing")
    assert message(ask(client, **without | {name: ""})).startswith(f"{name} is missing")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"DEC": "91"}, "DEC=91 is not between -90 and 90 degrees"),
        ({"DEC": "-90.0001"}, "DEC=-90.0001 is not between -90 and 90 degrees"),
        ({"SR": "-1"}, "SR=-1 is negative; give a radius of 0 to 180 degrees"),
        ({"RA": ["10", "11"]}, "RA is given 2 times; give it once"),
        ({"ra": "10"}, "RA is given 2 times; give it once"),
        ({"SR": ["1", "1"]}, "SR is given 2 times; give it once"),
        ({"VERB": "9"}, "VERB=9 is not known; give 1 or 2 or 3"),
        ({"MAXREC": "-1"}, "MAXREC=-1 is not a whole number of 0 or more"),
        ({"MAXREC": "abc"}, "MAXREC=abc is not a whole number of 0 or more"),
        ({"MAXREC": ""}, "MAXREC= is not a whole number of 0 or more"),
        ({"YEAR": "12"}, "YEAR=12 is not a range of years; give 2012, 2012-2016, 2012- or -2011"),
        ({"YEAR": "2012-0000"}, "YEAR=2012-0000 runs backwards; give 0000-2012"),
        ({"YEAR": "2016-2012"}, "YEAR=2016-2012 runs backwards; give 2012-2016"),
        ({"KIND": "Measured"}, "KIND=Measured is not known; give measured or named or listed or curated"),
        ({"CATALOGUE": "maybe"}, "CATALOGUE=maybe is not known; give yes or no"),
        ({"GROUP": "target"}, "GROUP=target is not known; give paper"),
        ({"RESPONSEFORMAT": "csv"}, "RESPONSEFORMAT=csv is not offered; give votable, text/xml or "
         "application/x-votable+xml"),
        ({"TAG": "a\x00b"}, "TAG=a�b is not a tag of this database"),
        ({"TAG": "<&\"'>\x01"}, "TAG=<&\"'> is not a tag of this database"),
    ],
)  # fmt: skip
def test_errors_name_the_parameter_and_what_is_allowed(client, db, change, reason):
    response = client.get(reverse("publications:cone-search"), {**AT_BETELGEUSE, **change})
    assert message(response) == reason


def test_maxrec_cuts_the_answer_and_says_so(client, sky):
    for maxrec, rows_given, status in [
        ("0", 0, ["OK", "OVERFLOW"]), ("1", 1, ["OK", "OVERFLOW"]), ("2", 2, ["OK"]), ("9" * 30, 2, ["OK"])
    ]:  # fmt: skip
        response = ask(client, **AT_BETELGEUSE, MAXREC=maxrec)
        votable = document(response)
        assert len(votable.get_first_table().array) == rows_given
        assert [i.value for i in votable.resources[0].infos if i.name == "QUERY_STATUS"] == status


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("votable", "application/x-votable+xml"),
        ("VOTable", "application/x-votable+xml"),
        ("application/x-votable+xml", "application/x-votable+xml"),
        ("application/x-votable xml", "application/x-votable+xml"),  # as a plus arrives that was not encoded
        ("text/xml", "text/xml"),
    ],
)
def test_the_format_asked_for_is_the_content_type(client, sky, asked, given):
    assert ask(client, **AT_BETELGEUSE, RESPONSEFORMAT=asked)["Content-Type"] == given
    assert ask(client, RA="x", DEC="0", SR="1", RESPONSEFORMAT=asked)["Content-Type"] == given


def test_runid_is_logged(client, sky, caplog):
    with caplog.at_level(logging.INFO):
        ask(client, **AT_BETELGEUSE, RUNID="ivo://x\nfake line" + "x" * 100)
    (line,) = [record.getMessage() for record in caplog.records if "RUNID" in record.getMessage()]
    assert "\n" not in line
    assert len(line) < 120


# --- HTTP -------------------------------------------------------------------------------------


def test_post_and_get_give_the_same_rows_without_a_token(sky):
    client = Client(enforce_csrf_checks=True)
    assert ids(ask(client, "post", **AT_BETELGEUSE)) == ids(ask(client, **AT_BETELGEUSE))


def test_arguments_fixed_in_the_address_join_those_of_a_post(client, sky):
    address = reverse("publications:cone-search") + "?VERB=1&"
    assert len(table(client.post(address, AT_BETELGEUSE)).fields) == 6


def test_head_has_the_headers_and_asks_no_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = ask(client, "head", **AT_BETELGEUSE)
    assert (response.status_code, response["Content-Type"]) == (200, "text/xml;content=x-votable")
    assert body(response) == b""


def test_pages_of_any_origin_may_read(client, sky):
    for response in (
        ask(client, **AT_BETELGEUSE),
        ask(client),
        client.options(reverse("publications:cone-search")),
    ):
        assert response["Access-Control-Allow-Origin"] == "*"


def test_head_does_not_say_that_the_answer_is_empty(client, sky):
    for address in (reverse("publications:cone-search"), reverse("publications:vo-links")):
        answer = client.head(address, AT_BETELGEUSE)
        assert (answer.status_code, answer.has_header("Content-Length")) == (200, False)
        assert "x-votable" in answer["Content-Type"]


def test_other_methods_are_refused(client, db):
    response = client.delete(reverse("publications:cone-search"))
    assert response.status_code == 405
    assert response["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_a_database_that_is_down_is_no_half_document(client, sky, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr(rows, "SOURCES", rows.SOURCES | {"year": "no_such_column"})
    assert ask(client, **AT_BETELGEUSE).status_code == 500


def test_an_answer_that_breaks_off_says_so_at_its_end(client, db, monkeypatch):
    paper = PaperFactory()
    for number in range(3):
        link(paper, TargetFactory(name=f"T{number}", ra=10, dec=number / 1000))
    monkeypatch.setattr(rows, "PIECE", 1)
    response = ask(client, RA="10", DEC="0", SR="1")
    pieces = iter(response)
    begin = next(pieces) + next(pieces)
    monkeypatch.setattr(rows, "Details", None)
    votable = parse(io.BytesIO(begin + b"".join(pieces)))
    assert len(votable.get_first_table().array) == 1
    assert [i.value for i in votable.resources[0].infos if i.name == "QUERY_STATUS"] == ["OK", "ERROR"]


@pytest.mark.parametrize("few", [1, 5, 6, 7, 5000])
@pytest.mark.parametrize("query", [{}, {"GROUP": "paper"}, {"MAXREC": "5"}, {"VERB": "1"}])
def test_few_and_many_rows_are_the_same(client, db, monkeypatch, few, query):
    paper = PaperFactory()
    stars = [link(paper, TargetFactory(name=f"T{n}", ra=10, dec=n / 1000)).target.name for n in range(6)]
    expected = stars[:1] if "GROUP" in query else stars[: int(query.get("MAXREC", 6))]
    monkeypatch.setattr(rows, "FEW", few)
    monkeypatch.setattr(rows, "PIECE", 2)
    for radius in ("1", "3"):
        found = table(ask(client, RA="10", DEC="0", SR=radius, **query)).array["target_name"]
        assert list(found) == expected


@pytest.mark.parametrize("count", [1, 50])
def test_the_number_of_queries_does_not_grow(client, db, django_assert_max_num_queries, count):
    paper = PaperFactory(authors=["A, B."])
    for number in range(count):
        link(paper, TargetFactory(name=f"T{number}", ra=10, dec=number / 1000))
    with django_assert_max_num_queries(7):
        assert len(ids(ask(client, RA="10", DEC="0", SR="1"))) == count


# --- the link table ---------------------------------------------------------------------------


def test_the_link_table_holds_every_pair_even_without_position(client, sky):
    response = client.get(reverse("publications:vo-links"))
    array = table(response).array
    assert len(array) == TargetLink.objects.count() == 7
    assert len(set(array["id"])) == 7
    (nowhere,) = [row for row in array if row["target_name"] == "Nowhere"]
    assert nowhere["ra"] is np.ma.masked
    assert response["Access-Control-Allow-Origin"] == "*"


def test_characters_that_xml_cannot_hold_are_dropped(client, db):
    paper = PaperFactory(title="a\x0bb\x1f \ufffe ]]> <b>c</b> 𝛼")
    link(paper, Target.objects.create(name="T & <X>", ra=1, dec=1))
    row = table(ask(client, RA="1", DEC="1", SR="1")).array[0]
    assert (row["title"], row["target_name"]) == ("ab  ]]> c 𝛼", "T & <X>")
