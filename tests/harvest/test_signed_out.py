"""What is sent without a session comes back after the sign-in, on every page of the admin."""

import html
import json
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from harvest.models import BlocklistEntry, Candidate
from tests.factories import TagFactory

pytestmark = pytest.mark.django_db
LOGIN = reverse("admin:login")
HOST = "http://testserver"


@pytest.fixture
def candidate():
    return Candidate.objects.create(bibcode="2020A&A...641A..85C", title="A star", year=2020)


@pytest.fixture
def page(candidate):
    return reverse("admin:triage-candidate", args=[candidate.pk])


def text(response):
    return response.content.decode()


def hidden(response, name):
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', text(response))
    return found and html.unescape(found[1])


def sign_in(client, answer, password="a long password"):
    return client.post(
        LOGIN,
        {
            "username": "curator",
            "password": password,
            "kept": hidden(answer, "kept"),
            "next": hidden(answer, "next"),
        },
    )


def test_words_come_back_after_the_sign_in_and_nothing_was_done(client, curator, candidate, page):
    sent = {"decision": "block", "reason": "duplicate", "note": "my <long> “words”"}
    answer = client.post(page, sent, headers={"referer": f"{HOST}{page}?year=2020"})
    assert answer.status_code == 401
    assert "It comes back after you sign in" in text(answer)
    assert "wrong" not in text(answer)
    refused = sign_in(client, answer, password="wrong")
    assert refused.status_code == 200

    signed_in = sign_in(client, refused)

    assert signed_in.url == f"{page}?year=2020"
    shown = text(client.get(signed_in.url))
    assert "Nothing was done" in shown
    assert "my &lt;long&gt; “words”</textarea>" in shown
    assert not BlocklistEntry.objects.exists()
    client.post(page, sent)
    assert BlocklistEntry.objects.get().note == "my <long> “words”"
    assert "Nothing was done" not in text(client.get(page))


def test_pages_of_django_itself_lose_nothing_either(client, curator):
    tag = TagFactory(name="VLTI")
    address = reverse("admin:publications_tag_change", args=[tag.pk])
    answer = client.post(address, {"name": "VLTI", "description": "long words about it"})
    signed_in = sign_in(client, answer)
    assert "long words about it</textarea>" in text(client.get(signed_in.url))


def test_it_can_be_forgotten(client, curator, page):
    signed_in = sign_in(client, client.post(page, {"decision": "comment", "comment": "words"}))
    assert "words</textarea>" in text(client.get(signed_in.url))
    client.post(reverse("admin:forget"))
    assert "words</textarea>" not in text(client.get(signed_in.url))


def test_a_stranger_stores_nothing_here(client, page, django_user_model):
    client.post(page, {"comment": "words"})
    assert not Session.objects.exists()
    assert client.get(page).status_code == 302


@pytest.mark.parametrize(
    "kept", ["", "x", "[]", '{"fields": 1}', json.dumps({"address": "//evil/", "fields": [], "files": False})]
)
def test_damaged_or_foreign_parcel_is_dropped(client, curator, kept):
    answer = client.post(
        LOGIN,
        {"username": "curator", "password": "a long password", "kept": kept, "next": reverse("admin:index")},
    )
    assert answer.status_code == 302
    assert "kept" not in client.session


def test_request_in_the_background_is_told_to_come_as_a_page(client, page):
    assert client.post(page, headers={"hx-request": "true"}).status_code == 401
    assert client.get(page, headers={"hx-request": "true"})["HX-Refresh"] == "true"


def test_form_from_before_another_sign_in_comes_back_too(curator, candidate, page):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(curator)
    answer = browser.post(page, {"decision": "comment", "comment": "words"}, headers={"origin": HOST})
    assert answer.url == page
    assert "words</textarea>" in text(browser.get(page))
    candidate.refresh_from_db()
    assert candidate.note == ""


@pytest.mark.parametrize("origin", [{}, {"origin": "https://evil.example"}])
def test_forged_request_is_refused_and_brings_nothing_back(curator, page, origin):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(curator)
    assert browser.post(page, {"comment": "words"}, headers=origin).status_code == 403
    assert "words</textarea>" not in text(browser.get(page))
