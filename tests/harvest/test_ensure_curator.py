"""The account that `make run` makes and prints."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import call_command

pytestmark = pytest.mark.django_db


@pytest.fixture
def ensure_curator(settings, tmp_path):
    settings.DATA_DIR = tmp_path

    def run():
        printed = StringIO()
        call_command("ensure_curator", stdout=printed)
        return printed.getvalue()

    return run


def test_the_printed_password_signs_a_curator_in(ensure_curator, tmp_path):
    printed = ensure_curator()

    name, password = (tmp_path / "curator-login").read_text().split()
    user = authenticate(username=name, password=password)
    assert password in printed
    assert user.is_staff
    assert not user.is_superuser
    assert [group.name for group in user.groups.all()] == ["curator"]


def test_the_file_is_readable_by_its_owner_only(ensure_curator, tmp_path):
    ensure_curator()

    assert (tmp_path / "curator-login").stat().st_mode & 0o777 == 0o600


def test_a_second_run_changes_nothing(ensure_curator, tmp_path):
    first = ensure_curator()

    assert ensure_curator() == first
    assert User.objects.count() == 1


def test_two_machines_do_not_share_a_password(ensure_curator, tmp_path):
    ensure_curator()
    first = (tmp_path / "curator-login").read_text()
    (tmp_path / "curator-login").unlink()
    User.objects.all().delete()
    ensure_curator()

    assert (tmp_path / "curator-login").read_text() != first


def test_a_new_database_takes_the_password_that_is_kept(ensure_curator, tmp_path):
    first = ensure_curator()
    User.objects.all().delete()

    assert ensure_curator() == first


def test_a_password_that_the_curator_chose_is_left_alone(ensure_curator, tmp_path):
    ensure_curator()
    user = User.objects.get()
    user.set_password("chosen by hand")
    user.save()

    assert "changepassword" in ensure_curator()
    assert authenticate(username="curator", password="chosen by hand")


def test_an_account_without_a_file_is_left_alone(ensure_curator, tmp_path):
    User.objects.create_user("curator", password="chosen by hand")

    assert "changepassword" in ensure_curator()
    assert not (tmp_path / "curator-login").exists()


def test_an_emptied_file_is_no_empty_password(ensure_curator, tmp_path):
    (tmp_path / "curator-login").write_text("")

    ensure_curator()

    assert authenticate(username="curator", password="") is None
    assert (tmp_path / "curator-login").read_text().startswith("curator\n")
