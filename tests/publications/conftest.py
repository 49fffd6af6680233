"""Browsers of the admin's roles, and a paper to look at."""

import pytest

from tests.factories import PaperFactory
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
