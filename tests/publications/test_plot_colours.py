"""The colours of figures, judged by numbers."""

from itertools import combinations

import numpy as np
import pytest

from publications.plots import colours


def linear(colour):
    values = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """Of WCAG 2."""
    low, high = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


# Machado, Oliveira, Fernandes 2009: what is left of linear RGB without one kind of cone.
BLINDNESS = [
    np.eye(3),
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
]


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(
        rgb, 0, 1
    )
    f = np.cbrt(xyz / [0.9505, 1, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize(("ten", "paper"), [(colours.TEN, "#ffffff"), (colours.TEN_DARK, "#10141b")])
def test_the_ten_colours_stand_out_and_differ_for_the_colour_blind(ten, paper):
    assert min(contrast(colour, paper) for colour in ten) >= 3
    for matrix in BLINDNESS:
        places = [lab(np.array(matrix) @ linear(colour)) for colour in ten]
        assert min(np.linalg.norm(a - b) for a, b in combinations(places, 2)) > 8
