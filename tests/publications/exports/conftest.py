import datetime

import pytest

from publications.models import Journal, TagAssignment, TargetLink
from tests.factories import HiddenTagFactory, PaperFactory, TagFactory, TargetFactory

BIBCODE = "2012A&A...540A...5D"


@pytest.fixture
def fetch(client, db):
    """The body of an address as text; it must answer 200."""

    def fetch_(address):
        response = client.get(address)
        assert response.status_code == 200, response.content
        return (b"".join(response.streaming_content) if response.streaming else response.content).decode()

    return fetch_


@pytest.fixture
def published(db):
    """One paper with everything: accents, a collaboration, markup, a hidden tag, an abstract, a target."""
    tags = [TagFactory(name="VLTI"), HiddenTagFactory(name="Secretly")]
    paper = PaperFactory(
        bibcode=BIBCODE,
        title="H<SUB>2</SUB>O &amp; dust around α Ori: 50% of T<SUB>eff</SUB>",
        pubdate="2012-04-00",
        volume="540",
        page="A5",
        doi="10.1051/0004-6361/201118519",
        arxiv="1203.0001",
        abstract="Publisher's words",
        citations=7,
        authors=["Mérand, Antoine", "Kraków, Łukasz", "GRAVITY Collaboration", "Ševčík, Å., Jr."],
        tags=tags,
        keywords=["stars: individual: α Ori", "techniques: interferometric"],
        added=datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC),
    )
    Journal.objects.filter(pk=paper.journal_id).update(name="Astronomy and Astrophysics")
    TagAssignment.objects.filter(tag=tags[0]).update(given_at="2026-03-05T10:00Z")
    TagAssignment.objects.filter(tag=tags[1]).update(given_at="2026-03-09T10:00Z")
    TargetLink.objects.create(paper=paper, target=TargetFactory(name="α Ori"), kind="named")
    PaperFactory(
        bibcode="1998astro.ph.10261M",
        title="",
        authors=[],
        refereed=None,
        added=None,
        arxiv="astro-ph/9810261",
    )
    return paper
