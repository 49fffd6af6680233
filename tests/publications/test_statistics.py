"""The page of statistics: of refereed papers unless asked, each number a link to as many papers."""

import re

import pytest

from publications.models import Category
from tests.factories import CategoryFactory, TagFactory

pytestmark = pytest.mark.django_db


def test_statistics_are_of_refereed_papers_and_say_so(client, papers):
    refereed, everything = client.get("/statistics/"), client.get("/statistics/?refereed=")

    assert "2 papers" in refereed.content.decode()
    assert "<strong>Refereed papers only</strong>" in refereed.content.decode()
    assert "cannot be compared by counts alone" in refereed.content.decode()
    assert "4 papers" in everything.content.decode()
    assert "Refereed or not." in everything.content.decode()
    assert client.get("/statistics/?year=1999").status_code == 200


def test_each_number_of_the_statistics_leads_to_as_many_papers(client, papers):
    TagFactory(name="Review", category=CategoryFactory(name="Kind", position=0))
    Category.objects.filter(name="Facility").update(position=1)
    papers[0].assignments.create(tag=TagFactory(name="Review"))
    text = client.get("/statistics/?refereed=").content.decode()

    links = re.findall(r'<td class="n"><a href="([^"]+)">(\d+)</a>', text)

    assert "Facility × year: Review" in text
    assert len(links) > 20
    for address, n in links:
        page = client.get(address.replace("&amp;", "&")).context["page"]
        assert page.paginator.count == int(n), address


def test_malformed_statistics_are_refused(client, papers):
    response = client.get("/statistics/?refereed=perhaps&foo=1")

    assert response.status_code == 400
    assert "refereed: “perhaps” is not known" in response.content.decode()
    assert "foo: there is no such parameter" in response.content.decode()
    assert b'name="year"' in response.content
