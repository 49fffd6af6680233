"""The clients that astronomers use, against a running server: pyvo, astropy, astroquery, STILTS."""

import shutil
import subprocess
import warnings
from pathlib import Path

import pytest
import pyvo
from astropy import units
from astropy.coordinates import SkyCoord
from astropy.io import votable as votable_package
from astropy.io.votable import parse
from astropy.io.votable.exceptions import W06
from astroquery.exceptions import NoResultsWarning
from astroquery.vo_conesearch import ConeSearch
from django.urls import reverse
from lxml import etree

from publications.vo import votable
from tests.publications.vo_sky import small_sky

OLD_UCDS = ["ID_MAIN", "POS_EQ_RA_MAIN", "POS_EQ_DEC_MAIN"]
pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def service(transactional_db, live_server):
    small_sky()
    return live_server.url + reverse("publications:cone-search") + "?"


def stilts(*arguments):
    if shutil.which("stilts") is None:
        pytest.skip("stilts is not installed (Debian: apt install stilts)")
    return subprocess.run(["stilts", *arguments], capture_output=True, text=True, timeout=120)


# --- pyvo -------------------------------------------------------------------------------------


@pytest.fixture
def in_pyvo(service):
    with warnings.catch_warnings():
        # "Invalid UCD": the three names that version 1.03 of the standard asks for.
        warnings.simplefilter("ignore", W06)
        yield pyvo.dal.SCSService(service)


def test_pyvo_finds_position_and_identity_of_a_row(in_pyvo):
    results = in_pyvo.search(pos=(88.793, 7.407), radius=0.01)
    assert len(results) == 2
    assert results[0].id.startswith("2009A&A...508..923H|")
    assert results[0].pos.ra.deg == pytest.approx(88.79293899)
    assert results[0]["title"] == 'Imaging the spotty surface of Betelgeuse & "others" 𝛼 < 5'


@pytest.mark.parametrize("verbosity", [1, 2, 3])
def test_pyvo_takes_every_verbosity(in_pyvo, verbosity):
    assert len(in_pyvo.search(pos=(88.793, 7.407), radius=0.01, verbosity=verbosity)) == 2


def test_pyvo_reads_the_mark_of_a_cut_answer(in_pyvo):
    results = in_pyvo.search(pos=(88.793, 7.407), radius=0.01, MAXREC=1)
    assert len(results) == 1
    assert [info.value for info in results.votable.resources[0].infos if info.name == "QUERY_STATUS"] == [
        "OK",
        "OVERFLOW",
    ]


def test_pyvo_refuses_an_answer_that_broke_off(in_pyvo, monkeypatch):
    monkeypatch.setattr(votable, "table_rows", None)
    with pytest.raises(pyvo.dal.DALQueryError, match="the table is not complete"):
        in_pyvo.search(pos=(88.793, 7.407), radius=0.01)


def test_pyvo_shows_why_a_request_was_refused(in_pyvo):
    with pytest.raises(pyvo.dal.DALQueryError, match="DEC=91 is not between -90 and 90 degrees"):
        in_pyvo.search(pos=(10, 45), radius=0.01, DEC=91)


def test_pyvo_takes_a_probe_with_radius_zero(in_pyvo):
    assert len(in_pyvo.search(pos=(10, 10), radius=0)) == 0


# --- astropy ----------------------------------------------------------------------------------


QUERIES = [
    "RA=88&DEC=7&SR=5",
    "RA=0&DEC=0&SR=180&VERB=3",
    "RA=0&DEC=0&SR=0",
    "RA=0&DEC=0&SR=9&VERB=1&MAXREC=0",
    "RA=0&DEC=0&SR=180&UCD=2",
    "RA=x",
]


def saved(response, path):
    path.write_bytes(b"".join(response) if response.streaming else response.content)
    return path


@pytest.fixture(params=[*QUERIES, "links"])
def answer(request, client, db, tmp_path):
    """A file with what the cone search answers, or the link table."""
    small_sky()
    if request.param == "links":
        return saved(client.get(reverse("publications:vo-links")), tmp_path / "links.vot")
    address = f"{reverse('publications:cone-search')}?{request.param}"
    return saved(client.get(address), tmp_path / "answer.vot")


def test_astropy_complains_of_nothing_but_the_old_ucds(answer):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        parse(answer, verify="warn")
    texts = [str(warning.message) for warning in caught]
    assert [text for text in texts if "W06" not in text] == []
    assert len(texts) == sum(answer.read_text().count(f'ucd="{old}"') for old in OLD_UCDS)


def test_answers_follow_the_schema_of_votable(answer):
    """The IVOA's schema, as astropy has it."""
    schema = Path(votable_package.__file__).parent / "data" / "VOTable.v1.4.xsd"
    document = etree.parse(answer)
    rules = etree.XMLSchema(file=schema)
    assert rules.validate(document), rules.error_log


# --- astroquery -------------------------------------------------------------------------------


def in_astroquery(service, **query):
    """The table that astroquery's own client and validator make of an answer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", W06)
        return ConeSearch.query_region(
            SkyCoord(88.793, 7.407, unit="deg"), query.pop("radius", 0.01 * units.deg), service_url=service,
            use_names_over_ids=True, cache=False, **query,
        )  # fmt: skip


@pytest.mark.parametrize("verbosity", [1, 2, 3])
def test_astroquery_reads_the_rows_at_every_verbosity(service, verbosity):
    found = in_astroquery(service, verb=verbosity)
    assert list(found["bibcode"]) == ["2009A&A...508..923H", "2016A&A...588A.130M"]
    assert found["ra"].unit == units.deg


def test_astroquery_shows_why_a_request_was_refused(service):
    with pytest.warns(NoResultsWarning, match="YEAR=12 is not a range of years"):
        in_astroquery(service + "YEAR=12&")


# --- STILTS, which is TOPCAT's engine ---------------------------------------------------------


def test_votlint_has_nothing_to_say(answer):
    done = stilts("votlint", "ucd=false", str(answer))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_stilts_cone_reads_the_rows(service):
    done = stilts("cone", f"serviceurl={service}", "lon=88.793", "lat=7.407", "radius=0.01", "ofmt=csv")
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert len(lines) == 3
    assert lines[0].startswith("id,ra,dec,distance,bibcode,target_name,title")


def test_stilts_shows_why_a_request_was_refused(service):
    done = stilts("cone", f"serviceurl={service}YEAR=12&", "lon=88.793", "lat=7.407", "radius=0.01")
    assert done.returncode != 0
    assert "YEAR=12 is not a range of years" in done.stderr


def test_stilts_asks_for_many_positions_at_once(service, tmp_path):
    positions = tmp_path / "stars.csv"
    positions.write_text("star,ra,dec\nBetelgeuse,88.793,7.407\nRigel,78.634,-8.202\nnone,200,40\n")
    done = stilts(
        "coneskymatch", f"in={positions}", "ifmt=csv", "ra=ra", "dec=dec", "sr=0.01", "find=all",
        f"serviceurl={service}", "servicetype=cone", "ofmt=csv", 'ocmd=keepcols "star bibcode"',
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        "star,bibcode",
        "Betelgeuse,2009A&A...508..923H",
        "Betelgeuse,2016A&A...588A.130M",
        "Rigel,2016A&A...588A.130M",
    ]
