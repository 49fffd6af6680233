"""Lists of stars: what is read from text, CSV and VOTable, and which targets they are."""

import io

import pytest
from astropy.coordinates import SkyCoord
from astropy.io.votable import from_table, parse, writeto
from astropy.table import Table
from hypothesis import given
from hypothesis import strategies as st

from publications.models import TargetAlias
from publications.starlists import matching, writing
from publications.starlists.reading import ListRefused, read_list
from tests.factories import CategoryFactory, PaperFactory, TagFactory, TargetFactory
from tests.publications.vo_sky import link


def places(stars):
    return [(star.name, star.ra, star.dec) for star in stars]


# --- reading ----------------------------------------------------------------------------------


def test_a_text_has_a_name_or_a_position_on_each_line():
    found = read_list("# my stars\nHD 140283\n\n05 55 10.3 +07 24 25\n10.5 -20.25\n")
    assert [star.line for star in found.stars] == [2, 4, 5]
    betelgeuse = SkyCoord("05h55m10.3s +07d24m25s")
    assert found.stars[0].name == "HD 140283"
    assert (found.stars[1].ra, found.stars[1].dec) == pytest.approx((betelgeuse.ra.deg, betelgeuse.dec.deg))
    assert places(found.stars)[2] == ("", 10.5, -20.25)


@pytest.mark.parametrize(
    "text",
    [
        "name,ra,dec\nX 1,88.5,7.25\n",
        "dec\tra\tmain_id\n7.25\t88.5\tX 1\n",
        "TARGET;RAJ2000;DEJ2000\nX 1;05:54:00;+07:15:00\n",
        "\ufeff# exported\n# twice\nname, _RAJ2000, _DEJ2000\nX 1, 05 54 00, +07 15 00\n",
        'name,note,ra,dec\n"X 1","a, ""b""",88.5,7.25\n',
    ],
)
def test_csv_of_every_dialect_is_read(text):
    ((name, ra, dec),) = places(read_list(text.encode()).stars)
    assert name == "X 1"
    assert (ra, dec) == pytest.approx((88.5, 7.25))


def test_a_column_of_numbers_takes_its_catalogue_from_the_heading():
    assert [star.name for star in read_list("hd,ra,dec\n48915,,\n").stars] == ["HD 48915"]


@pytest.mark.parametrize("tabledata", ["tabledata"])
def test_a_votable_is_read_by_its_ucds(tabledata):
    table = Table({"x": [88.5], "y": [7.25], "which": ["X 1"]})
    document = from_table(table)
    for f, ucd in zip(document.get_first_table().fields, ["pos.eq.ra;meta.main", "pos.eq.dec;meta.main",
                      "meta.id;meta.main"], strict=True):  # fmt: skip
        f.ucd = ucd
    text = io.BytesIO()
    writeto(document, text, tabledata_format=tabledata)
    assert places(read_list(text.getvalue()).stars) == [("X 1", 88.5, 7.25)]


def test_a_binary_votable_is_refused_with_the_fix():
    text = io.BytesIO()
    writeto(from_table(Table({"ra": [88.5], "dec": [7.25]})), text, tabledata_format="binary2")
    with pytest.raises(ListRefused, match="TABLEDATA"):
        read_list(text.getvalue())


def test_proper_motion_moves_a_position_to_j2000():
    # 61 Cyg A: Gaia DR3's position at epoch 2016.0; Hipparcos and SIMBAD have it at J2000 where expected.
    text = "name,ra,dec,pmra,pmdec,ref_epoch\n,316.74847964,38.76386223,4164.209,3249.614,2016.0\n"
    (star,) = read_list(text).stars
    j2000 = SkyCoord("21h06m53.9396s +38d44m57.902s")
    assert SkyCoord(star.ra, star.dec, unit="deg").separation(j2000).arcsec < 0.2


def test_bad_rows_are_named_and_the_rest_is_read():
    found = read_list("name,ra,dec,pmra\nA,10,95,\nB,10,20,\n,,,\nC,x,1,\nD,1,1,fast\n")
    assert [star.name for star in found.stars] == ["B"]
    assert [line for line, _ in found.problems] == [2, 5, 6]
    assert "no place of the sky" in found.problems[0][1]
    assert "not a right ascension" in found.problems[1][1]
    assert found.problems[2][1] == "pmra: “fast” is not a decimal number"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "the list is empty"),
        (" \n# x\n", "the list is empty"),
        (b"\xff\xfe\x00", "no UTF-8 text"),
        ("<VOTABLE>", "is no VOTable"),
        ("<html/>", "holds no TABLE"),
        ("<VOTABLE><TABLE><FIELD name='mag'/></TABLE></VOTABLE>", "no column that we know"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "is no VOTable"),
        ("HD 1\n" * 10_001, "more than 10,000 rows"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_with_the_fix(data, reason):
    with pytest.raises(ListRefused, match=reason):
        read_list(data)


@given(st.one_of(st.text(), st.binary()))
def test_any_bytes_are_read_or_refused(data):
    try:
        found = read_list(data)
    except ListRefused:
        return
    for star in found.stars:
        assert star.ra is None or (0 <= star.ra < 360 and -90 <= star.dec <= 90)


def test_ten_thousand_rows_are_read():
    assert len(read_list("HD 1\n" * 10_000).stars) == 10_000


# --- matching ---------------------------------------------------------------------------------


@pytest.fixture
def sirius(db):
    target = TargetFactory(name="* alf CMa", ra=101.28715533, dec=-16.71611586)
    TargetAlias.objects.create(target=target, name="HD 48915")
    return target


def matches(text, radius=5):
    return matching.match(read_list(text).stars, radius)


@pytest.mark.parametrize("name", ["HD48915", "hd 48915", "alf CMa", "α CMa", "alpha CMa"])
def test_every_spelling_of_a_name_or_alias_matches(sirius, name):
    (found,) = matches(name)
    assert (found.target, found.by) == (sirius, "name")


def test_a_name_wins_over_a_position(sirius):
    TargetFactory(name="other", ra=10, dec=10)
    (found,) = matches("name,ra,dec\nHD 48915,10,10\n")
    assert (found.target, found.by) == (sirius, "name")
    assert found.distance > 3600


def test_an_unknown_name_is_matched_by_its_position(sirius):
    (found,) = matches("name,ra,dec\nDog star,101.2875,-16.7161\n")
    assert (found.target, found.by) == (sirius, "position")
    assert found.distance == pytest.approx(1.19, abs=0.05)


def test_the_nearest_target_within_the_radius_matches(sirius):
    TargetFactory(name="further", ra=101.28715533, dec=-16.7170)
    (found,) = matches("101.28715533 -16.7163")
    assert found.target == sirius
    (found,) = matches("101.28715533 -16.7300")
    assert (found.target, found.by, found.distance) == (None, "", None)


def test_many_rows_keep_their_order_and_take_few_queries(sirius, django_assert_max_num_queries):
    text = "\n".join(["HD 48915", "nobody", "101.2872 -16.7161", "359.9 89.9"] * 500)
    with django_assert_max_num_queries(25):
        found = matches(text)
    assert [match.target for match in found] == [sirius, None, sirius, None] * 500


def test_the_answer_tells_papers_years_and_public_tags(sirius):
    instrument = CategoryFactory(name="Instrument", position=2)
    pionier = TagFactory(name="PIONIER", category=instrument)
    link(PaperFactory(bibcode="2012A&A...540A...5D", tags=[pionier]), sirius)
    link(PaperFactory(bibcode="2016A&A...588A.130M", tags=[pionier]), sirius, kind="listed")
    answer = matching.Answer(read_list("HD 48915\nnobody\n"), 5)
    sirius_row, nobody_row = (dict(zip(answer.heading, row, strict=True)) for row in answer.rows())
    assert (sirius_row["papers"], sirius_row["first_year"], sirius_row["last_year"]) == (2, 2012, 2016)
    assert sirius_row["Instrument"] == "PIONIER"
    assert (nobody_row["target"], nobody_row["papers"]) == (None, None)
    assert answer.matched == 1


def test_the_answer_is_a_valid_votable(sirius, recwarn):
    CategoryFactory(name="Instrument")
    answer = matching.Answer(read_list("name,ra,dec\nHD 48915,,\nx,1,99\n"), 5)
    table = parse(io.BytesIO(writing.as_votable(answer).encode()), verify="exception").get_first_table()
    assert table.array["target"][0] == "* alf CMa"
    assert not list(recwarn)


def test_a_name_never_becomes_a_formula_of_a_spreadsheet(db):
    answer = matching.Answer(read_list("=1+1|cmd\n"), 5)
    assert "\r\n1,'=1+1|cmd," in writing.as_csv(answer)
