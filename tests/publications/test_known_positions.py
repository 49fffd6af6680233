"""Wherever papers are found by position, it is told of how many a position is known."""

import pytest

from publications.known_positions import KnownPositions, known_positions
from tests.factories import PaperFactory, TargetFactory
from tests.publications.vo_sky import link, small_sky

SAID = "ositions known for 5 of 6 papers"


@pytest.mark.parametrize(
    "address",
    [
        "/targets/",
        "/targets/?q=88.793+7.407",
        "/targets/match/",
        "/papers/?ra=88.793&dec=7.407&radius=1",
        "/papers/?ra=200&dec=7.407&radius=1",
        "/plots/sky.svg",
        "/vo/conesearch/availability",
        "/vo/conesearch?RA=0&DEC=0&SR=0",
        "/vo/links.vot",
    ],
)
def test_what_searches_by_position_says_so(client, db, address):
    small_sky()
    answer = client.get(address)
    assert SAID in b"".join(answer).decode()


@pytest.mark.parametrize("suffix", ["", ".vot"])
def test_a_list_that_was_matched_says_so(client, db, suffix):
    small_sky()
    assert SAID in client.post("/targets/match" + (suffix or "/"), {"list": "alf Ori"}).text


def test_a_selection_without_a_position_does_not_speak_of_it(client, db):
    small_sky()
    assert "ositions known" not in client.get("/papers/?year=2009").text


def test_a_map_of_some_papers_says_it_of_these(client, db):
    small_sky()
    PaperFactory(bibcode="2031A&A...540A...5D")

    assert "Positions known for 0 of 1 papers." in client.get("/plots/?figure=sky&year=2031").text


def test_a_paper_counts_once_and_only_with_a_position(db):
    paper, without, _ = PaperFactory(), PaperFactory(), PaperFactory()
    for target in (TargetFactory(ra=1, dec=2), TargetFactory(ra=3, dec=4), TargetFactory(ra=None, dec=None)):
        link(paper, target)
    link(without, TargetFactory(ra=None, dec=None))
    assert str(known_positions()) == "positions known for 1 of 3 papers"


def test_the_count_is_kept_for_a_while_but_not_where_it_must_be_exact(client, db):
    paper = PaperFactory()
    assert known_positions() == KnownPositions.now() == (0, 1)
    link(paper, TargetFactory(ra=1, dec=2))
    assert known_positions() == (0, 1)
    assert KnownPositions.now() == (1, 1)
    assert "positions known for 1 of 1 papers" in client.get("/vo/conesearch/availability").text
