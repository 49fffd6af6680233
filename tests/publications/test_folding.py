"""Folded text: what readers type and what publishers print come out the same."""

import pytest

from publications.folding import fold, plain, target_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Mérand, A.", "merand a"),
        ("Me\u0301rand", "merand"),
        (r"M\'erand", "merand"),
        (r"M\'{e}rand", "merand"),
        (r"J\o rgensen", "jorgensen"),
        ("Jørgensen", "jorgensen"),
        (r"Stra\ss e", "strasse"),
        ("Straße", "strasse"),
        ("H<SUB>2</SUB>O", "h2o"),
        ("H₂O", "h2o"),
        ("α Cen", "alpha cen"),
        (r"$\alpha$ Cen", "alpha cen"),
        (r"\alpha Cen", "alpha cen"),
        ("Hα", "halpha"),
        (r"H$\alpha$", "halpha"),
        (r"$\varepsilon$ Aur", "epsilon aur"),
        ("ε Aur", "epsilon aur"),
        (r"$\mathrm{H_2}$", "h2"),
        ("H$_2$O", "h2o"),
        ("H$_{2}$O", "h2o"),
        (r"$\rm H_2O$", "h2o"),
        ("10$^{5}$ K", "105 k"),
        ("10<SUP>5</SUP> K", "105 k"),
        (r"v$_{\rm rot}$ and $\alpha_{b}$", "vrot and alphab"),
        (r"M$_\odot$", "modot"),
        (r"US\$5 for a_b and \$6", "us 5 for a b and 6"),
        ("a_b^c", "a b c"),
        (r"Ph\d{a}m, M\b{a}r and \t{oo}", "pham mar and oo"),
        ("ﬁbre", "fibre"),
        ("R&amp;D &gt; 5&quot;", "r d 5"),
        ("one<BR />two<P>three", "one two three"),
        ("a < b and c > d", "a b and c d"),
        ("inter\u00adfero\u200bmetry", "interferometry"),
        ("MIRC-X B[e]", "mirc x b e"),
        ("İzmir", "izmir"),
        ("звезда 中文", ""),
        ("", ""),
    ],
)
def test_text_is_folded_to_words(text, folded):
    assert fold(text) == folded


def test_plain_text_keeps_accents_case_and_punctuation():
    assert plain(r"The <i>étoile</i> of {\it Kepler}: 5&quot;") == 'The étoile of Kepler: 5"'


@pytest.mark.parametrize(
    ("one", "other"),
    [("HD39801", "HD 39801"), ("* alf Ori", "α Ori"), ("NAME Sgr A*", "Sgr A*"), ("V* R Leo", "R Leo")],
)
def test_ways_to_write_a_target_have_one_key(one, other):
    assert target_key(one) == target_key(other)


def test_the_sign_of_a_declination_zone_tells_targets_apart():
    assert target_key("BD+10 123") != target_key("BD-10 123")
