"""Geometry of the sky: unit vectors, separations, and the zones that a cone touches. Pure.

Degrees throughout, ICRS. A cone is exact everywhere: at the poles, across RA 0/360, for a
radius of micro-arcseconds and for 180 degrees.
"""

from math import asin, atan2, ceil, copysign, cos, degrees, floor, hypot, radians, sin, sqrt
from typing import NamedTuple

ZONE_HEIGHT = 0.25
ZONES = 720
# Wider cones are covered by fewer, thicker bands: more than this only makes the query longer.
MOST_BANDS = 48
# What rounding can add to a distance. A point exactly on the rim of a cone is inside.
ROUNDING = 1e-12
# Widens the cover, never the cone: many times the rounding of the formulas below.
MARGIN = 1e-9


class Band(NamedTuple):
    """Zones ``first`` to ``last``, right ascensions ``west`` to ``east``, all included."""

    first: int
    last: int
    west: float
    east: float

    @property
    def all_round(self):
        return (self.west, self.east) == (0.0, 360.0)


def unit_vector(ra, dec):
    """(x, y, z) on the unit sphere."""
    ra, dec = radians(ra), radians(dec)
    return cos(dec) * cos(ra), cos(dec) * sin(ra), sin(dec)


def separation(ra1, dec1, ra2, dec2):
    """Angle between two positions, exact for the smallest and for opposite points."""
    return angle(unit_vector(ra1, dec1), unit_vector(ra2, dec2))


def angle(a, b):
    """Angle between two unit vectors in degrees (Kahan's form: never inaccurate)."""
    apart = sqrt(sum((p - q) ** 2 for p, q in zip(a, b, strict=True)))
    together = sqrt(sum((p + q) ** 2 for p, q in zip(a, b, strict=True)))
    return degrees(2 * atan2(apart, together))


def normal_ra(ra):
    """``ra`` brought into 0 ≤ ra < 360."""
    ra %= 360.0
    # The remainder of a tiny negative number is rounded up to 360 itself.
    return 0.0 if ra >= 360.0 else ra


def chord_squared(radius):
    """Square of the straight line between two points of the unit sphere ``radius`` degrees apart."""
    return 4 * sin(radians(radius) / 2) ** 2


def zone_of(dec):
    """Number of the zone of declination, counted from the south pole; the north pole is in the last."""
    return min(floor((dec + 90.0) / ZONE_HEIGHT), ZONES - 1)


def half_width(dec, radius, south, north):
    """How far in right ascension a cone reaches, either way, between two declinations; 180: all round.

    sin²(Δra/2) = (sin²(r/2) - sin²((d - dec)/2)) / (cos d cos dec) for a point of the rim at
    declination d; Δra is greatest at one of the ends, or at the declination where the rim runs
    north-south.
    """
    south, north = max(south, dec - radius), min(north, dec + radius)
    if south > north:
        return 0.0
    ends = max(rim(dec, radius, south), rim(dec, radius, north))
    reach, circle = sin(radians(radius)), cos(radians(dec))
    if radius >= 90 or reach >= circle:
        return ends
    # sin d = sin dec / cos r, by its cosine: near a pole the sine says nothing.
    colatitude = asin(min(1.0, sqrt((circle - reach) * (circle + reach)) / cos(radians(radius))))
    turn = copysign(90 - degrees(colatitude), dec)
    return max(ends, degrees(asin(reach / circle))) if south <= turn <= north else ends


def rim(dec, radius, at):
    """Δra of the cone's rim at the declination ``at``; 180 where the whole parallel is inside."""
    above = sin(radians(radius) / 2) ** 2 - sin(radians(at - dec) / 2) ** 2
    below = cos(radians(at)) * cos(radians(dec))
    if above <= 0:
        return 0.0
    if above >= below:
        return 180.0
    return degrees(2 * asin(sqrt(above / below)))


def cone_bands(ra, dec, radius):
    """The `Band`s that together hold every point of a cone, and points around it.

    None repeats a place. ``radius`` from 0 to 180.
    """
    radius = min(radius + MARGIN, 180.0)
    first, last = zone_of(max(dec - radius, -90.0)), zone_of(min(dec + radius, 90.0))
    thickness = ceil((last - first + 1) / MOST_BANDS)
    bands = []
    for zone in range(first, last + 1, thickness):
        end = min(zone + thickness - 1, last)
        south, north = zone * ZONE_HEIGHT - 90.0, (end + 1) * ZONE_HEIGHT - 90.0
        half = half_width(dec, radius, south, north) + MARGIN
        for west, east in right_ascensions(ra, half):
            if bands and half >= 180 and bands[-1][1:] == (zone - 1, west, east):
                bands[-1] = bands[-1]._replace(last=end)
            else:
                bands.append(Band(zone, end, west, east))
    return bands


def right_ascensions(ra, half):
    """The ranges from ``ra - half`` to ``ra + half``, cut where 360 becomes 0."""
    if half >= 180:
        return [(0.0, 360.0)]
    west, east = ra - half, ra + half
    if west < 0:
        return [(0.0, east), (west + 360.0, 360.0)]
    if east >= 360:
        return [(0.0, east - 360.0), (west, 360.0)]
    return [(west, east)]


def moved_to_j2000(ra, dec, pmra, pmdec, epoch):
    """A position of ``epoch`` (Julian year) at J2000.0; proper motion in mas/yr, ``pmra`` times cos(dec).

    Along the great circle of the motion. Parallax and radial velocity are left out: over a few
    decades they stay below an arcsecond for every known star.
    """
    years = 2000.0 - epoch
    speed = hypot(pmra, pmdec)
    if not speed or not years:
        return ra, dec
    far = radians(speed * years / 3.6e6)
    x, y, z = unit_vector(ra, dec)
    a, d = radians(ra), radians(dec)
    east, north = (-sin(a), cos(a), 0.0), (-sin(d) * cos(a), -sin(d) * sin(a), cos(d))
    way = [(pmra * e + pmdec * n) / speed for e, n in zip(east, north, strict=True)]
    x, y, z = (cos(far) * p + sin(far) * w for p, w in zip((x, y, z), way, strict=True))
    return normal_ra(degrees(atan2(y, x))), degrees(atan2(z, hypot(x, y)))
