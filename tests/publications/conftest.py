"""Browsers of the admin's roles, and papers to look at."""

import pytest

from publications.models import TargetLink
from tests.factories import HiddenTagFactory, PaperFactory, TagFactory, TargetFactory
from tests.publications.admin_models import client_of


@pytest.fixture
def client_curator(db):
    return client_of("curator")


@pytest.fixture
def client_superuser(db):
    return client_of("superuser")


@pytest.fixture
def merand():
    return PaperFactory(
        bibcode="2015A&A...584A..80M", title="Étude of δ Cephei", authors=["Mérand, Antoine", "Kervella, P."]
    )


@pytest.fixture
def papers():
    """Four papers: two with one facility, one with both, one with none."""
    vlti, chara = TagFactory(name="VLTI"), TagFactory(name="CHARA")
    secret = HiddenTagFactory(name="Secretly")
    found = [
        PaperFactory(bibcode="2012A&A...540A...5D", tags=[vlti, secret], authors=["Mérand, A."], citations=4),
        PaperFactory(bibcode="2012A&A...541A...5D", tags=[chara], keywords=["stars"], citations=0),
        PaperFactory(bibcode="2013ApJ...770...12W", tags=[vlti, chara], refereed=False),
        PaperFactory(bibcode="2014ApJ...780...12W", refereed=None),
    ]
    TargetLink.objects.create(paper=found[0], target=TargetFactory(name="Betelgeuse"), kind="named")
    return found
