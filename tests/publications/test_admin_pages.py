"""What the pages of the admin have in common, over HTTP: a strict policy, the site's name, ways out."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from publications import models
from tests.factories import HiddenTagFactory
from tests.publications.admin_models import MAY, address, make, pages_of, short

pytestmark = pytest.mark.django_db

INLINE = re.compile(
    r"""<script(?![^>]*\b(?:src=|type="application/json"))|<style|\sstyle\s*=|<[^>]+\son[a-z]+\s*=|javascript:""",
    re.IGNORECASE,
)


@pytest.mark.parametrize("model", MAY, ids=short)
def test_pages_keep_the_strict_content_security_policy(model, client_superuser):
    row = make(model)
    urls = [url for _, url, right, _ in pages_of(model, row) if right in MAY[model][1]]

    for url in [*urls, reverse("admin:index"), address(model, "changelist") + "?q=x"]:
        answer = client_superuser.get(url)
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert not INLINE.search(answer.content.decode()), url


def test_the_pages_of_an_account_keep_the_strict_content_security_policy(client_curator):
    for url in (reverse("admin:password_change"), reverse("admin:index")):
        assert not INLINE.search(client_curator.get(url).content.decode()), url
    assert not INLINE.search(Client().get(reverse("admin:login")).content.decode())


def test_the_pages_bear_the_name_of_the_site(client_curator):
    page = client_curator.get(reverse("admin:index")).content.decode()

    assert "OLBIN Publications" in page
    assert "Django administration" not in page


def test_hidden_categories_are_marked_internal(merand, client_curator):
    tag = HiddenTagFactory(name="SearchCal")
    models.TagAssignment.objects.create(paper=merand, tag=tag)

    for url in (
        address(models.Paper, "change", merand.pk),
        address(models.Tag, "changelist"),
        address(models.Tag, "change", tag.pk),
        address(models.TagAssignment, "changelist"),
    ):
        assert "JMMC (internal)" in client_curator.get(url).content.decode(), url
    assert ">internal<" in client_curator.get(address(models.Category, "changelist")).content.decode()


@pytest.mark.parametrize("model", [models.Paper, models.Tag, models.Journal, models.Target])
def test_a_page_leads_to_its_public_page(model, client_curator):
    page = client_curator.get(address(model, "change", make(model).pk)).content.decode()

    assert re.search(r'href="/admin/r/\d+/\d+/" class="viewsitelink"', page)


@pytest.mark.parametrize("model", [models.Paper, models.Tag, models.Journal])
def test_the_link_to_the_public_page_arrives_there(model, client_curator):
    row = make(model)
    page = client_curator.get(address(model, "change", row.pk)).content.decode()
    answer = client_curator.get(re.search(r'href="(/admin/r/\d+/\d+/)"', page)[1])

    assert answer.url == "http://testserver" + row.get_absolute_url()
    assert client_curator.get(answer.url).status_code == 200
