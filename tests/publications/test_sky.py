"""Geometry of the sky, against an independent formula (Vincenty's, as astropy has it)."""

import math
import random

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord, angular_separation
from hypothesis import given
from hypothesis import strategies as st

from publications import sky

RADII = [0.0, 1e-6 / 3600, 1 / 3600, 5 / 3600, 0.1, 1.0, 5.0, 30.0, 89.999, 90.0, 120.0, 179.9, 180.0]


def test_separation_agrees_with_astropy_from_microarcseconds_to_opposite_points():
    rng = random.Random(1)
    for _ in range(2000):
        ra1, dec1 = rng.uniform(0, 360), math.degrees(math.asin(rng.uniform(-1, 1)))
        far = 10 ** rng.uniform(-10, 0)
        ra2, dec2 = (ra1 + far) % 360, max(-90, min(90, dec1 + far * rng.uniform(-1, 1)))
        if rng.random() < 0.3:
            ra2, dec2 = (ra2 + 180) % 360, -dec2
        expected = math.degrees(angular_separation(*map(math.radians, (ra1, dec1, ra2, dec2))))
        assert sky.separation(ra1, dec1, ra2, dec2) == pytest.approx(expected, abs=1e-12)


def test_a_negative_right_ascension_comes_back_into_the_circle():
    assert [sky.normal_ra(ra) for ra in (-10, 370, 360, 0, -1e-20)] == [350, 10, 0, 0, 0]


def test_zones_run_from_pole_to_pole():
    assert [sky.zone_of(dec) for dec in (-90, -89.75, 0, 89.99, 90)] == [0, 1, 360, 719, 719]


positions = st.tuples(
    st.one_of(st.floats(0, 359.999999), st.sampled_from([0.0, 1e-9, 359.9999999, 180.0])),
    st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, 90.0, 89.9999, -89.75, 0.25])),
)


@given(positions, st.one_of(st.sampled_from(RADII), st.floats(0, 180)), st.integers(0, 2**32))
def test_every_point_of_a_cone_is_in_exactly_one_band(centre, radius, seed):
    rng = np.random.default_rng(seed)
    centre_at = SkyCoord(*centre, unit="deg")
    points = centre_at.directional_offset_by(
        rng.uniform(0, 360, 40) * u.deg, radius * np.sqrt(rng.uniform(0, 1, 40)) * u.deg
    )
    bands = sky.cone_bands(*centre, radius)
    assert len(bands) <= 2 * sky.MOST_BANDS
    for ra, dec in zip(points.ra.deg % 360, points.dec.deg, strict=True):
        zone = sky.zone_of(dec)
        holding = [band for band in bands if band.first <= zone <= band.last and band.west <= ra <= band.east]
        assert len(holding) == 1, (ra, dec, bands)


def test_a_small_cone_far_from_the_poles_touches_a_small_part_of_the_sky():
    # 0.1 degree at declination 60: half the right ascension is 0.1 / cos 60 = 0.2 degree.
    (band,) = sky.cone_bands(100, 60.125, 0.1)
    assert band.first == band.last
    assert (band.west, band.east) == pytest.approx((99.8, 100.2), abs=0.001)


@pytest.mark.parametrize(
    ("ra", "dec", "pmra", "pmdec", "arcsec"),
    # 61 Cyg A and Arcturus: J2000 positions and proper motions of Gaia DR3 and Hipparcos, 26 years.
    [(316.724, 38.749, 4164.2, 3250.0, 137.3), (213.915, 19.182, -1093.4, -1999.4, 59.2)],
)
def test_proper_motion_moves_a_position_of_today_back_to_j2000(ra, dec, pmra, pmdec, arcsec):
    along = math.degrees(math.atan2(pmra, pmdec)) * u.deg
    now = SkyCoord(ra, dec, unit="deg").directional_offset_by(along, math.hypot(pmra, pmdec) * 26 * u.mas)
    back = sky.moved_to_j2000(now.ra.deg, now.dec.deg, pmra, pmdec, 2026.0)
    assert sky.separation(now.ra.deg, now.dec.deg, *back) * 3600 == pytest.approx(arcsec, abs=0.5)
    # The direction of the motion turns a little between the epochs; less than a tenth of an arcsecond.
    assert sky.separation(*back, ra, dec) * 3600 < 0.1


def test_a_position_without_motion_stays():
    assert sky.moved_to_j2000(10, 20, 0, 0, 2016.0) == (10, 20)
