import pytest
from django.urls import reverse

from harvest.desk.pages import PAGES

pytestmark = pytest.mark.django_db


def test_every_page_of_the_desk_asks_strangers_to_sign_in(client):
    for page in PAGES:
        if "<" not in page.route:
            response = client.get(f"/admin/{page.route}")
            assert response.status_code == 302, page.name
            assert response.url.startswith(reverse("admin:login"))


def test_desk_looks_like_the_site_under_its_policy(client, curator):
    client.force_login(curator)
    page = client.get("/admin/")
    assert b"harvest/desk.css" in page.content
    assert b"<style" not in page.content
    assert b" style=" not in page.content
