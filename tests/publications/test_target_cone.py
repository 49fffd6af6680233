"""The index of the sky in the database, against a scan of every row with an independent formula."""

import re

import numpy as np
import pytest
import requests
from astropy.coordinates import angular_separation
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import settings

from publications import sky
from publications.models import Target, TargetLink
from tests.factories import PaperFactory, TargetFactory

# `make verify` loads the profile "thorough".
CONES, SKY = (10_000, 100_000) if settings.default.max_examples > 1_000 else (1_000, 20_000)
CONES_OVER_HTTP = 100


def crowded_sky(count, seed=7):
    """Positions all over the sky, one in five at a pole, one in five at the seam of right ascension."""
    rng = np.random.default_rng(seed)
    ra, dec = rng.uniform(0, 360, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))
    fifth = count // 5
    dec[:fifth] = rng.choice([-1, 1], fifth) * (90 - 10 ** rng.uniform(-9, 1, fifth))
    ra[fifth : 2 * fifth] = (rng.choice([-1, 1], fifth) * 10 ** rng.uniform(-9, 0, fifth)) % 360
    dec[:2], ra[2:4] = [90, -90], [0, np.nextafter(360, 0)]
    return np.where(ra >= 360, 0.0, ra), dec


def random_cones(ra, dec, count, seed=11):
    """Half of them near a point of the sky; radii from 1e-6 arcseconds to 180 degrees."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        radius = float(min(180, 10 ** rng.uniform(np.log10(1e-6 / 3600), np.log10(200))))
        if number % 2:
            near = rng.integers(len(ra))
            off = radius * rng.uniform(-1.2, 1.2, 2)
            centre = (ra[near] + off[0]) % 360, np.clip(dec[near] + off[1], -90, 90)
        elif number % 4:
            centre = rng.uniform(-0.5, 0.5) % 360, rng.uniform(-90, 90)
        else:
            centre = rng.uniform(0, 360), rng.choice([-1, 1]) * (90 - 10 ** rng.uniform(-9, 1))
        yield float(centre[0]), float(centre[1]), radius


def fill(count):
    ra, dec = crowded_sky(count)
    Target.objects.bulk_create(
        [
            Target(pk=number, name=f"T{number}", slug=f"t{number}", ra=a, dec=d)
            for number, (a, d) in enumerate(zip(ra.tolist(), dec.tolist(), strict=True), start=1)
        ],
        batch_size=2000,
    )
    return ra, dec


def inside(cone, ra, dec):
    """Numbers of the targets that are inside for sure, and of those that may be.

    By Vincenty's formula, whose rounding differs from ours for a point on the rim.
    """
    centre_ra, centre_dec, radius = cone
    distance = np.degrees(
        angular_separation(np.radians(centre_ra), np.radians(centre_dec), np.radians(ra), np.radians(dec))
    )
    return [set((np.flatnonzero(distance <= radius + slack) + 1).tolist()) for slack in (-2e-12, 2e-12)]


@pytest.mark.timeout(1200)
def test_random_cones_hold_exactly_the_rows_of_a_full_scan(db):
    ra, dec = fill(SKY)
    found = 0
    for cone in random_cones(ra, dec, CONES):
        numbers = set(Target.objects.in_cone(*cone).values_list("pk", flat=True))
        sure, possible = inside(cone, ra, dec)
        assert sure <= numbers <= possible, cone
        found += len(numbers)
    assert found > 20 * SKY


@pytest.mark.timeout(600)
def test_random_cones_over_http_hold_exactly_the_rows_of_a_full_scan(transactional_db, live_server):
    ra, dec = fill(SKY)
    paper = PaperFactory(bibcode="2012A&A...540A...5D")
    TargetLink.objects.bulk_create(
        [TargetLink(paper=paper, target_id=number, kind="listed") for number in range(1, SKY + 1)],
        batch_size=2000,
    )
    for cone in random_cones(ra, dec, CONES_OVER_HTTP, seed=5):
        asked = dict(zip(("RA", "DEC", "SR"), cone, strict=True)) | {"VERB": 1}
        answer = requests.get(live_server.url + reverse("publications:cone-search"), asked, timeout=60)
        rows = re.findall(r"<TR><TD>2012A&amp;A...540A...5D\|(\d+)<", answer.text)
        numbers = set(map(int, rows))
        assert len(numbers) == len(rows)
        sure, possible = inside(cone, ra, dec)
        assert sure <= numbers <= possible, cone


@pytest.mark.parametrize(
    ("centre", "radius", "expected"),
    [
        ((123.0, 90.0), 0.5, {"north"}),
        ((321.0, -90.0), 0.5, {"south"}),
        ((0.0, 0.0), 0.2, {"seam west", "seam east"}),
        ((360 - 1e-9, 0.0), 0.2, {"seam west", "seam east"}),
        ((0.1, 0.0), 0.0, {"seam east"}),
        ((10.0, 0.0), 0.0, set()),
        ((200.0, 45.0), 180.0, {"north", "south", "seam west", "seam east"}),
        ((0.1, 0.0), 90.0, {"north", "south", "seam west", "seam east"}),
    ],
)
def test_poles_seam_zero_radius_and_whole_sky(db, centre, radius, expected):
    places = [("north", 40, 90), ("south", 50, -90), ("seam west", 359.9, 0), ("seam east", 0.1, 0)]
    for name, ra, dec in places:
        TargetFactory(name=name, ra=ra, dec=dec)
    TargetFactory(name="nowhere", ra=None, dec=None)
    assert {target.name for target in Target.objects.in_cone(*centre, radius)} == expected


def test_a_point_on_the_rim_is_inside(db):
    TargetFactory(ra=10.0, dec=20.0)
    for dec, radius in [(21.0, 1.0), (65.0, 45.0), (20 + 1 / 3600, 1 / 3600)]:
        assert Target.objects.in_cone(10.0, dec, radius).count() == 1
        assert Target.objects.in_cone(10.0, dec, radius - 1e-11).count() == 0


def test_the_nearest_comes_first(db):
    for name, dec in [("far", 3), ("near", 1), ("middle", -2)]:
        TargetFactory(name=name, ra=0, dec=dec)
    names = [target.name for target in Target.objects.in_cone(0, 0, 5).nearest_first(0, 0)]
    assert names == ["near", "middle", "far"]


def test_the_index_follows_the_position_however_it_is_written(db):
    target = TargetFactory(ra=10, dec=20)
    target.ra, target.dec = 30, -40
    target.save(update_fields=["ra", "dec"])
    assert Target.objects.in_cone(30, -40, 0.001).get() == target
    target.ra, target.dec = 50, 60
    Target.objects.bulk_update([target], ["ra", "dec"])
    assert Target.objects.in_cone(50, 60, 0.001).get() == target
    target.refresh_from_db()
    assert (target.zone, target.x, target.y, target.z) == (sky.zone_of(60), *sky.unit_vector(50, 60))
    target.ra = target.dec = None
    target.save()
    assert not Target.objects.in_cone(0, 0, 180).exists()


def test_a_position_cannot_change_behind_the_index(db):
    target = TargetFactory(ra=10, dec=20)
    with pytest.raises(TypeError, match="index of the sky"):
        Target.objects.update(dec=30)
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.filter(pk=target.pk).update(zone=None)
