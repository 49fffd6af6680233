"""Signing in, by HTTP: how often a password is looked at."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from harvest.models import SignInAttempt
from tests.harvest.site import served

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def sign_in(name, password, address="192.0.2.1", **headers):
    form = {"username": name, "password": password, "next": "/admin/"}
    return Client(REMOTE_ADDR=address).post(reverse("admin:login"), form, headers=headers)


def let_in(answer):
    return answer.status_code == 302


def told_to_wait(answer):
    return "Too many wrong passwords" in answer.content.decode()


def pass_time(**time):
    for attempt in SignInAttempt.objects.all():
        SignInAttempt.objects.filter(pk=attempt.pk).update(at=attempt.at - timedelta(**time))


def test_after_five_wrong_passwords_even_the_right_one_waits_a_quarter_of_an_hour(curator):
    for _ in range(5):
        assert not told_to_wait(sign_in("curator", "wrong"))
    answer = sign_in("curator", PASSWORD)
    assert told_to_wait(answer)
    assert "Try again in 15 minutes" in answer.content.decode()
    pass_time(minutes=14, seconds=1)
    answer = sign_in("curator", PASSWORD)
    assert "Try again in 1 minute." in answer.content.decode()
    pass_time(minutes=1)
    assert let_in(sign_in("curator", PASSWORD))


def test_waiting_is_not_made_longer_by_trying(curator):
    for _ in range(5):
        sign_in("curator", "wrong")
    pass_time(minutes=10)
    for _ in range(30):
        assert told_to_wait(sign_in("curator", "wrong"))
    pass_time(minutes=5)
    assert let_in(sign_in("curator", PASSWORD))


def test_name_is_the_same_in_whatever_case_and_unknown_ones_are_treated_alike(curator):
    for name in ("nobody", "Nobody", "NOBODY", "nObody", "noBody"):
        assert not told_to_wait(sign_in(name, "wrong"))
    assert told_to_wait(sign_in("nobody", "wrong"))


def test_right_password_makes_the_slips_before_it_forgotten(curator):
    for _ in range(3):
        for _ in range(4):
            sign_in("curator", "wrong")
        assert let_in(sign_in("curator", PASSWORD))


def test_address_that_tries_many_accounts_waits(curator):
    for n in range(20):
        assert not told_to_wait(sign_in(f"account{n}", "wrong"))
    assert told_to_wait(sign_in("curator", PASSWORD))
    assert let_in(sign_in("curator", PASSWORD, "192.0.2.2"))


def test_neighbours_in_one_ipv6_network_are_one_address(curator):
    for n in range(5):
        sign_in("curator", "wrong", f"2001:db8::{n}")
    assert told_to_wait(sign_in("curator", PASSWORD, "2001:db8::99"))
    assert let_in(sign_in("curator", PASSWORD, "2001:db8:0:1::1"))


def test_strangers_everywhere_do_not_lock_a_curator_out_of_a_known_address(curator):
    assert let_in(sign_in("curator", PASSWORD, "192.0.2.1"))
    for n in range(50):
        assert not told_to_wait(sign_in("curator", "wrong", f"198.51.100.{n}"))
    assert told_to_wait(sign_in("curator", "wrong", "198.51.100.200"))
    assert let_in(sign_in("curator", PASSWORD, "192.0.2.1"))
    pass_time(minutes=15)
    assert let_in(sign_in("curator", PASSWORD, "198.51.100.200"))


def test_behind_a_proxy_the_visitor_counts_not_the_proxy(curator, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    for _ in range(5):
        sign_in("curator", "wrong", "10.0.0.1", X_Forwarded_For="192.0.2.66")
    assert told_to_wait(sign_in("curator", PASSWORD, "10.0.0.1", X_Forwarded_For="192.0.2.66"))
    # What a visitor writes himself stands before what the proxy saw.
    forged = "192.0.2.7, 192.0.2.66"
    assert told_to_wait(sign_in("curator", PASSWORD, "10.0.0.1", X_Forwarded_For=forged))
    assert let_in(sign_in("curator", PASSWORD, "10.0.0.1", X_Forwarded_For="192.0.2.7"))


def test_empty_form_is_no_attempt(curator):
    sign_in("", "")
    sign_in("curator", "")
    assert not SignInAttempt.objects.exists()


def test_old_attempts_are_dropped(curator):
    sign_in("someone", "wrong")
    sign_in("curator", PASSWORD)
    pass_time(days=91)
    sign_in("another", "wrong")
    assert [attempt.account for attempt in SignInAttempt.objects.all()] == ["another"]


def test_not_of_the_staff_is_wrong_too(db):
    User.objects.create_user("guest", password=PASSWORD)
    for _ in range(5):
        assert not let_in(sign_in("guest", PASSWORD))
    assert told_to_wait(sign_in("guest", PASSWORD))


def test_what_one_process_counts_the_next_one_knows(site):
    with served(site) as ask:
        ask("/admin/logout/", sure="yes")
        site.shell(
            "from harvest.models import SignInAttempt\n"
            "for _ in range(5): SignInAttempt.begin('ada', '127.0.0.1')"
        )
        answer = ask("/admin/login/", username="ada", password=PASSWORD)
        assert "Too many wrong passwords" in answer.text
