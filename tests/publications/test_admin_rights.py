"""Who may do what in the admin, over HTTP: every role with every model and every page of it."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User

from tests.publications.admin_models import MAY, WITH_HISTORY, address, client_of, make, pages_of, short

pytestmark = pytest.mark.django_db

# The state of the data, the index of the search, who signed in and last looked when; and what pages of
# the desk show: acts, pasted lists, searches.
FOR_ITSELF = {
    "AdsSearch",
    "DataState",
    "SearchText",
    "KnownWord",
    "SignInAttempt",
    "DeskVisit",
    "Act",
    "PastedList",
    "NameLookup",
}


def test_every_model_has_a_list_but_what_the_site_keeps_for_itself():
    ours = {
        model
        for app in ("publications", "harvest")
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")
    }

    assert {model.__name__ for model in ours - set(admin.site._registry)} <= FOR_ITSELF
    registered = {
        model
        for model in admin.site._registry
        if model._meta.app_label in ("publications", "harvest", "auth")
    }
    assert registered == set(MAY)
    assert {model for model in MAY if hasattr(model, "history")} == WITH_HISTORY


@pytest.mark.parametrize("model", MAY, ids=short)
@pytest.mark.parametrize("role", ["curator", "superuser"])
def test_staff_may_do_what_the_table_says_and_nothing_else(role, model):
    rights = MAY[model][role == "superuser"]
    row = make(model)
    client = client_of(role)

    for page, url, to_look, to_save in pages_of(model, row):
        for method in (client.put, client.patch, client.delete, client.options):
            assert method(url).status_code == 405, (page, method.__name__)
        looked = client.get(url).status_code
        saved = client.post(url, {"post": "yes"}).status_code
        assert looked == (200 if to_look in rights else 403), (page, "GET")
        assert saved in ((200, 302) if to_save in rights else (403,)), (page, "POST")
    assert model.objects.filter(pk=row.pk).exists() == ("d" not in rights)


@pytest.mark.parametrize("model", MAY, ids=short)
@pytest.mark.parametrize("role", ["anonymous", "stranger"])
def test_everybody_else_is_sent_to_the_sign_in_page(role, model):
    row = make(model)
    client = client_of(role)

    for page, url, _, _ in pages_of(model, row):
        for method in (client.put, client.patch, client.delete):
            assert method(url).status_code == 302, (page, method.__name__)
        looked, sent = client.get(url), client.post(url, {"post": "yes"})
        assert looked.status_code == 302, (page, "GET")
        assert looked.url.startswith("/admin/login/?next="), (page, "GET")
        # The sign-in at once, which takes along what was sent.
        assert sent.status_code == 401, (page, "POST")
        assert 'action="/admin/login/"' in sent.text, (page, "POST")
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", MAY, ids=short)
def test_every_change_needs_the_token_of_a_form(model):
    row = make(model)
    client = client_of("superuser", enforce_csrf_checks=True)

    for page, url, _, _ in pages_of(model, row):
        assert client.post(url, {"post": "yes"}).status_code == 403, page
    assert model.objects.filter(pk=row.pk).exists()


def test_a_right_that_was_handed_out_does_not_open_the_accounts():
    client = client_of("curator")
    User.objects.get(username="curator").user_permissions.set(
        Permission.objects.filter(content_type__app_label="auth")
    )

    assert client.get(address(User, "changelist")).status_code == 403
    assert client.get(address(Group, "changelist")).status_code == 403
