import pytest
from astropy.coordinates import SkyCoord
from hypothesis import given
from hypothesis import strategies as st

from publications.positions import looks_like_position, parse_number, parse_position


@pytest.mark.parametrize(
    "text",
    ["05 55 10.3 +07 24 25", "05:55:10.3 +07:24:25", "5h55m10.3s +7d24m25s", "05 55 10.3, 07 24 25",
     "05 55 10.3 07 24 25", "5h55m10.3s+7°24′25″", "05:55:10.3,+07:24:25", "05 55 10.3 + 07 24 25"],
)  # fmt: skip
def test_sexagesimal_positions_are_read_as_hours_and_degrees(text):
    expected = SkyCoord("05h55m10.3s +07d24m25s")
    assert parse_position(text) == pytest.approx((expected.ra.deg, expected.dec.deg), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "ra", "dec"),
    [("88.793 +7.407", 88.793, 7.407), ("88.793,-7.407", 88.793, -7.407), ("88.793 −7.407", 88.793, -7.407),
     ("360 90", 0, 90), ("1e1 -1e-1", 10, -0.1), ("12 30 -45 30", 187.5, -45.5), ("0 -00 30 00", 0, -0.5),
     ("10d30m 5", 10.5, 5)],
)  # fmt: skip
def test_degrees_and_short_forms_are_read(text, ra, dec):
    assert parse_position(text) == pytest.approx((ra, dec), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "not a position"), ("12", "not a position"), ("1 2 3", "not a position"),
     ("05 61 10 +07 24 25", "below 60"),
     ("10 +91", "between -90 and"), ("361 0", "24 hours"), ("25 00 00 +10 00 00", "24 hours"),
     ("05 55.5 10 +07 24 25", "only the last"), ("١٠ ٢٠", "not a"), ("1,2,3", "not a position"),
     ("Betelgeuse", "not a position"), ("12h30m -30'", "not a declination"), ("45m +10", "not a right"),
     ("123s +10", "not a right ascension"), ("5h55m +3h20m", "in degrees, not in hours"),
     ("+07d24m25s 05h55m10s", "in degrees, not in hours")],
)  # fmt: skip
def test_what_is_not_a_position_is_said(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_position(text)


@given(st.text(max_size=30))
def test_any_text_is_a_position_or_refused(text):
    try:
        ra, dec = parse_position(text)
    except ValueError:
        return
    assert 0 <= ra < 360
    assert -90 <= dec <= 90


@given(st.floats(0, 359.999), st.floats(-90, 90))
def test_degrees_come_back_as_they_were_written(ra, dec):
    assert parse_position(f"{ra!r} {dec!r}") == (ra, dec)


@pytest.mark.parametrize("text", ["nan", "inf", "1_0", "1,5", "١٠", "05 55 10", "", "+", "0x10", "1e999"])
def test_numbers_that_only_python_takes_are_refused(text):
    with pytest.raises(ValueError, match=r"is not a decimal number|too large"):
        parse_number(text)


def test_numbers_of_urls_are_taken():
    assert [parse_number(text) for text in ("+10", "1e1", " 10", "-.5", "5.")] == [10, 10, 10, -0.5, 5]


def test_a_name_is_not_taken_for_a_position():
    assert looks_like_position("05 55 10.3 +07 24 25")
    assert looks_like_position("10 20")
    assert not looks_like_position("HD 140283")
    assert not looks_like_position("140283")
