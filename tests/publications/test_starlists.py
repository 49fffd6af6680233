"""Lists of stars: what is read from text, CSV and VOTable, and which targets they are."""

import csv
import io
import math
import shutil
import subprocess

import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.io.votable import from_table, parse, writeto
from astropy.table import MaskedColumn, Table
from hypothesis import given, settings
from hypothesis import strategies as st

from publications.models import TargetAlias
from publications.starlists import ListRefused, matching, writing
from publications.starlists.reading import read_list
from tests.factories import CategoryFactory, PaperFactory, TagFactory, TargetFactory
from tests.publications.vo_sky import link


def places(stars):
    return [("".join(star.names[:1]), star.ra, star.dec) for star in stars]


# --- reading ----------------------------------------------------------------------------------


def test_a_text_has_a_name_or_a_position_on_each_line():
    found = read_list("# my stars\nHD 140283\n\n05 55 10.3 +07 24 25\n10.5 -20.25\n")
    assert [star.line for star in found.stars] == [2, 4, 5]
    betelgeuse = SkyCoord("05h55m10.3s +07d24m25s")
    assert found.stars[0].names == ("HD 140283",)
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
    assert [star.names for star in read_list("hd,ra,dec\n48915,,\n").stars] == [("HD 48915",)]


SERIALISATIONS = ["tabledata", "binary", "binary2"]


def votable(table, serialisation="tabledata", **ucds):
    """A document that astropy writes; ``ucds`` by name of column."""
    document = from_table(table)
    for f in document.get_first_table().fields:
        f.ucd = ucds.get(f.name)
        if f.name == "hd":
            f.values.null = -1
    text = io.BytesIO()
    writeto(document, text, tabledata_format=serialisation)
    return text.getvalue()


@pytest.mark.parametrize("serialisation", SERIALISATIONS)
def test_a_votable_is_read_by_its_ucds(serialisation):
    data = votable(
        Table({"x": [88.5], "y": [7.25], "which": ["X 1"]}),
        serialisation,
        x="pos.eq.ra;meta.main",
        y="pos.eq.dec;meta.main",
        which="meta.id;meta.main",
    )
    assert places(read_list(data).stars) == [("X 1", 88.5, 7.25)]


@pytest.mark.parametrize("serialisation", SERIALISATIONS)
def test_every_type_of_column_is_passed_over_or_read(serialisation):
    table = Table(
        {
            "flag": [True, False],
            "few": np.array([1, 2], "u1"),
            "short": np.array([1, 2], "i2"),
            "long": np.array([1, 2], "i8"),
            "complex": np.array([1j, 2], "c16"),
            "matrix": np.arange(12, dtype="f4").reshape(2, 2, 3),
            "bits": np.array([[True, False, True], [False, False, True]]),
            "letters": ["α Ori", "β Ori"],
            "main_id": ["* alf Ori", "* bet Ori"],
            "hip": np.array([27989, 24436], "i4"),
            "ra": np.array([88.5, 78.25], "f4"),
            "dec": [7.407064, -8.20163837],
        }
    )
    found = read_list(votable(table, serialisation))
    assert places(found.stars) == [("* alf Ori", 88.5, 7.407064), ("* bet Ori", 78.25, -8.20163837)]
    assert [star.names[-1] for star in found.stars] == ["HIP 27989", "HIP 24436"]


@pytest.mark.parametrize("serialisation", SERIALISATIONS)
def test_unknown_values_of_a_votable_are_no_numbers(serialisation):
    table = Table(
        {
            "name": MaskedColumn(["A", "B", "C", "D"], mask=[False, False, True, True]),
            "hd": MaskedColumn([1, 2, 3, 4], mask=[True, False, False, True]),
            "ra": MaskedColumn([10.0, 20.0, 30.0, 40.0], mask=[False, True, False, True]),
            "dec": [1.0, np.nan, 3.0, np.nan],
        }
    )
    found = read_list(votable(table, serialisation))
    assert [star.names for star in found.stars] == [("A",), ("B", "HD 2"), ("HD 3",)]
    assert [star.ra for star in found.stars] == [10.0, None, 30.0]
    assert found.problems == [(4, "neither a name nor a position")]


@pytest.mark.parametrize("form", ["votable-tabledata", "votable-binary-inline", "votable-binary2-inline"])
def test_what_topcat_writes_is_read(tmp_path, form):
    if shutil.which("stilts") is None:
        pytest.skip("stilts is not installed (Debian: apt install stilts)")
    (tmp_path / "stars.csv").write_text(
        "name,hd,ra,dec,pmra,pmdec\nBetelgeuse,39801,88.79293899,7.407064,27.54,11.3\nRigel,,78.634,-8.2016,,\n"
    )
    done = subprocess.run(
        ["stilts", "tpipe", "in=stars.csv", "ifmt=csv", "out=stars.vot", f"ofmt={form}"],
        cwd=tmp_path, capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = read_list((tmp_path / "stars.vot").read_bytes())
    assert [(star.names, star.ra, star.dec) for star in found.stars] == [
        (("Betelgeuse", "HD 39801"), 88.79293899, 7.407064),
        (("Rigel",), 78.634, -8.2016),
    ]


ASPRO = """<?xml version="1.0" encoding="UTF-8"?>
<VOTABLE version="1.1" xmlns="http://www.ivoa.net/xml/VOTable/v1.1">
<COOSYS ID="J2000" equinox="2000" epoch="J2000" system="eq_FK5"/>
<RESOURCE name="aspro2"><TABLE name="Targets">
<FIELD name="NAME" datatype="char" ucd="meta.id;meta.main" arraysize="*"/>
<FIELD name="RA" datatype="char" ucd="pos.eq.ra;meta.main" arraysize="*" unit="h:m:s" ref="J2000"/>
<FIELD name="DEC" datatype="char" ucd="pos.eq.dec;meta.main" arraysize="*" unit="d:m:s" ref="J2000"/>
<FIELD name="PMRA" datatype="double" ucd="pos.pm;pos.eq.ra" unit="mas.yr-1"/>
<FIELD name="PMDEC" datatype="double" ucd="pos.pm;pos.eq.dec" unit="mas.yr-1"/>
<FIELD ID="ID_HD" name="HD" datatype="char" ucd="meta.id" arraysize="*"/>
<FIELD ID="ID_2MASS" name="2MASS" datatype="char" ucd="meta.id" arraysize="*"/>
<FIELD ID="ID_GAIA" name="GAIA" datatype="char" ucd="meta.id" arraysize="*"/>
<DATA><TABLEDATA><TR><TD> my star </TD><TD>05:55:10.305</TD><TD>+07:24:25.43</TD><TD>27.54</TD><TD>11.3</TD>
<TD>39801</TD><TD>05551028+0724255</TD><TD></TD></TR></TABLEDATA></DATA></TABLE>
<TABLE name="TargetsCalibrators"><FIELD name="SCIENCE_TARGET_NAME" datatype="char" arraysize="*"/>
<DATA><TABLEDATA><TR><TD>my star</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>"""


def test_what_aspro2_exports_is_read():
    (star,) = read_list(ASPRO).stars
    assert star.names == ("my star", "HD 39801", "2MASS J05551028+0724255")
    betelgeuse = SkyCoord("05h55m10.305s +07d24m25.43s")
    assert (star.ra, star.dec) == pytest.approx((betelgeuse.ra.deg, betelgeuse.dec.deg))


def test_a_star_is_found_by_any_of_its_names(sirius):
    for row in ("48915,32349", "48915.0,"):
        (found,) = matches(f"name,hd,hip\nmy star,{row}\n")
        assert (found.target, found.by) == (sirius, "name")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("eq_FK5", "eq_FK4", "the positions are in the frame eq_FK4; give ICRS"),
        ('epoch="J2000"', 'epoch="B1950"', "the epoch of the positions"),
        ("mas.yr-1", "s.yr-1", "the column PMRA is in “s.yr-1”; give mas/yr"),
        ("<DATA>", "<DATA><FITS/>", "the table is in FITS"),
        ("<DATA>", '<DATA><BINARY><STREAM href="http://a.b/c"/></BINARY>', "elsewhere"),
        ("<DATA>", "<DATA><BINARY><STREAM>AAAA</STREAM></BINARY>", "ends in the middle of row 1"),
        ("<DATA>", "<DATA><BINARY><STREAM>A</STREAM></BINARY>", "damaged"),
        ("<DATA>", "<DATA><BINARY><STREAM>!!!é</STREAM></BINARY>", "damaged"),
        ("<DATA>", '<DATA><BINARY2><STREAM encoding="rot13"/></BINARY2>', "rot13"),
        ('encoding="UTF-8"', 'encoding="no-such"', "is no VOTable"),
    ],
)  # fmt: skip
def test_a_votable_that_would_be_misread_is_refused_with_the_fix(old, new, reason):
    with pytest.raises(ListRefused, match=reason):
        read_list(ASPRO.replace(old, new).encode())


def test_the_epoch_of_the_frame_counts_where_no_column_says_one():
    document = ASPRO.replace('epoch="J2000"', 'epoch="J2016.0"').replace(">27.54<", ">360000<")
    (star,), (unmoved,) = read_list(document).stars, read_list(ASPRO).stars
    assert unmoved.ra - star.ra == pytest.approx(1.6 / math.cos(math.radians(star.dec)), rel=1e-3)


@pytest.mark.parametrize("unit", ["rad", "deg"])
def test_positions_in_other_units_become_degrees(unit):
    document = from_table(Table({"ra": [1.5], "dec": [0.5]}))
    for f in document.get_first_table().fields:
        f.unit = unit
    text = io.BytesIO()
    writeto(document, text)
    (star,) = read_list(text.getvalue()).stars
    expected = [math.degrees(1.5), math.degrees(0.5)] if unit == "rad" else [1.5, 0.5]
    assert [star.ra, star.dec] == pytest.approx(expected)


def test_a_document_in_another_encoding_is_read():
    text = ASPRO.replace("UTF-8", "ISO-8859-1").replace("my star", "Étoile")
    assert read_list(text.encode("latin-1")).stars[0].names[0] == "Étoile"


def test_proper_motion_moves_a_position_to_j2000():
    # 61 Cyg A: Gaia DR3's position at epoch 2016.0; Hipparcos and SIMBAD have it at J2000 where expected.
    text = "name,ra,dec,pmra,pmdec,ref_epoch\n,316.74847964,38.76386223,4164.209,3249.614,2016.0\n"
    (star,) = read_list(text).stars
    j2000 = SkyCoord("21h06m53.9396s +38d44m57.902s")
    assert SkyCoord(star.ra, star.dec, unit="deg").separation(j2000).arcsec < 0.2


def test_bad_rows_are_named_and_the_rest_is_read():
    found = read_list("name,ra,dec,pmra\nA,10,95,\nB,10,20,\n,,,\nC,x,1,\nD,1,1,fast\n")
    assert [star.names for star in found.stars] == [("B",)]
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
        ('name,ra,dec\n"Vega,,\nHD 172167,,\n', "unexpected end of data"),
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


STARS = Table({"main_id": ["A", "B"], "hip": [1, 2], "ra": [10.0, 20.0], "dec": [1.0, 2.0]})


@pytest.mark.parametrize("serialisation", SERIALISATIONS)
@settings(deadline=None)
@given(st.data())
def test_a_damaged_document_is_read_or_refused(serialisation, data):
    document = bytearray(votable(STARS, serialisation))
    for _ in range(data.draw(st.integers(1, 4))):
        document[data.draw(st.integers(0, len(document) - 1))] = data.draw(
            st.sampled_from(b'A/<>"*9x \0\xff')
        )
    try:
        read_list(bytes(document))
    except ListRefused:
        return


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


@pytest.mark.parametrize("unknown", ["nan", "NaN", "null", "--", ""])
def test_a_name_matches_also_where_the_position_is_not_known(sirius, unknown):
    (found,) = matches(f"name,ra,dec\nHD 48915,{unknown},{unknown}\n")
    assert (found.target, found.by) == (sirius, "name")


def test_a_line_too_long_for_a_cell_of_csv_is_a_name_that_nobody_has():
    (star,) = read_list('[{"a":"' + "b, " * 60_000 + '"}]').stars
    assert star.ra is None


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


@pytest.mark.parametrize(("motion", "by"), [("4164.209,3249.614", "position"), (",", "")])
def test_a_fast_star_is_found_at_its_place_of_2016_by_its_motion(db, motion, by):
    """61 Cyg A: 84 arc seconds from its place of J2000 when Gaia saw it."""
    TargetFactory(name="61 Cyg A", ra=316.72474829, dec=38.74941731)
    (found,) = matches(f"ra,dec,pmra,pmdec,ref_epoch\n316.74847964,38.76386223,{motion},2016.0\n")
    assert found.by == by
    assert by == "" or found.distance < 0.5


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


def test_files_name_bad_rows_where_the_list_has_them(sirius):
    answer = matching.Answer(read_list("name,ra,dec\nHD 48915,,\nx,1,99\nnobody,,\n"), 5)
    rows = list(csv.DictReader(io.StringIO(writing.as_csv(answer))))
    assert [(row["line"], row["target"], row["papers"]) for row in rows] == [
        ("2", "* alf CMa", "0"), ("3", "", ""), ("4", "", "")
    ]  # fmt: skip
    assert [row["problem"] for row in rows] == ["", "1 99 is no place of the sky", ""]
    table = parse(io.BytesIO(writing.as_votable(answer).encode())).get_first_table()
    assert list(table.array["problem"]) == [row["problem"] for row in rows]


def test_a_name_never_becomes_a_formula_of_a_spreadsheet(db):
    answer = matching.Answer(read_list("=1+1|cmd\n"), 5)
    assert "\r\n1,'=1+1|cmd," in writing.as_csv(answer)
