"""A query that is one identifier, as people copy them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.search.identifiers import recognise


@pytest.mark.parametrize(
    ("q", "identifier"),
    [
        ("2012A&A...540A...5D", "2012A&A...540A...5D"),
        (" 2012A%26A...540A...5D ", "2012A&A...540A...5D"),
        ("2012A&amp;A...540A...5D", "2012A&A...540A...5D"),
        ("https://ui.adsabs.harvard.edu/abs/2012A%26A...540A...5D/abstract", "2012A&A...540A...5D"),
        ("ui.adsabs.harvard.edu/abs/2012A%26A...540A...5D", "2012A&A...540A...5D"),
        ("https://ui.adsabs.harvard.edu/#abs/2012A&A...540A...5D", "2012A&A...540A...5D"),
        ("https://ui.adsabs.harvard.edu/abs/2012A%26A...540A...5D?x=1", "2012A&A...540A...5D"),
        ("http://adsabs.harvard.edu/abs/2012A&A...540A...5D", "2012A&A...540A...5D"),
        ("http://cdsads.u-strasbg.fr/abs/2012A%26A...540A...5D", "2012A&A...540A...5D"),
        ("https://ui.adsabs.harvard.edu/link_gateway/2012A&A...540A...5D/PUB_PDF", "2012A&A...540A...5D"),
        ("https://ui.adsabs.harvard.edu/abs/arXiv:1203.1234/abstract", "1203.1234"),
        ("10.1051/0004-6361/201118179", "10.1051/0004-6361/201118179"),
        ("doi: 10.1051/0004-6361/201118179.", "10.1051/0004-6361/201118179"),
        ("https://doi.org/10.1051/0004-6361/201118179", "10.1051/0004-6361/201118179"),
        ("https://doi.org/10.1051%2F0004-6361%2F201118179", "10.1051/0004-6361/201118179"),
        ("10.1016/0019-1035(84)90019-9", "10.1016/0019-1035(84)90019-9"),
        ("arXiv:1203.1234v2", "1203.1234v2"),
        ("1203.1234", "1203.1234"),
        ("astro-ph/9810261", "astro-ph/9810261"),
        ("https://arxiv.org/pdf/1203.1234v2.pdf", "1203.1234"),
        ("https://iopscience.iop.org/article/10.3847/1538-4357/ab1234/meta", "10.3847/1538-4357/ab1234"),
        ("https://onlinelibrary.wiley.com/doi/abs/10.1002/asna.201?x=1", "10.1002/asna.201"),
        ("https://www.nature.com/articles/s41586-021-03546-8", "10.1038/s41586-021-03546-8"),
        (
            "https://www.aanda.org/articles/aa/full_html/2019/05/aa34563-18/aa34563-18.html",
            "10.1051/0004-6361/201834563",
        ),
    ],
)
def test_an_identifier_is_recognised(q, identifier):
    assert recognise(q) == identifier


@pytest.mark.parametrize(
    "q",
    [
        "",
        "betelgeuse",
        "2012",
        "A&A...540",
        "2012A&A...540A...5D stars",
        "https://example.org/",
        "10.1051",
        "year:2012",
    ],
)
def test_anything_else_is_searched(q):
    assert recognise(q) is None


@given(st.text(max_size=300))
def test_no_text_breaks_it(q):
    assert recognise(q) is None or recognise(q)


def test_an_address_with_a_null_character_is_no_identifier():
    for address in ("https://doi.org/10.1051/a%00b", "https://doi.org/10.1051/a\x00b", "10.1051/a%00b"):
        assert recognise(address) is None
