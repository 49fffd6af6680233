"""What a query that finds nothing may have meant."""

import pytest

from publications.search.suggestions import did_you_mean
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def papers():
    PaperFactory(title="Interferometry of Betelgeuse", authors=["Kervella, P."])
    PaperFactory(title="Adaptive optics")


@pytest.mark.parametrize(
    ("q", "meant"),
    [
        ("betelgeuze", "betelgeuse"),
        ("betlegeuse", "betelgeuse"),
        ("Betelguese interferometrie", "betelgeuse interferometry"),
        ("nterferometry -optics", "interferometry -optics"),
        ("author:Kervela", "author:kervella"),
        ('betelgeuze "of star"', None),
        ("interfero", None),
        ("betelgeuze adaptive", None),
        ("xyzzyplugh", None),
        ("éé", None),
    ],
)
def test_unknown_words_are_replaced_when_that_finds_papers(q, meant):
    assert did_you_mean(q) == meant
