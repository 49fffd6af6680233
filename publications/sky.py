"""Positions on the sky. Pure; ``ra``, ``dec`` and separations are degrees, ICRS."""

from math import atan2, cos, degrees, hypot, radians, sin, sqrt


def unit_vector(ra, dec):
    """``(x, y, z)`` of length 1: x to ra 0, dec 0; z to the north pole."""
    ra, dec = radians(ra), radians(dec)
    return cos(dec) * cos(ra), cos(dec) * sin(ra), sin(dec)


def separation(ra, dec, other_ra, other_dec):
    """Angle between two positions along the great circle; exact for the smallest and the largest."""
    x, y, z = unit_vector(ra, dec)
    u, v, w = unit_vector(other_ra, other_dec)
    across = sqrt((y * w - z * v) ** 2 + hypot(z * u - x * w, x * v - y * u) ** 2)
    return degrees(atan2(across, x * u + y * v + z * w))
