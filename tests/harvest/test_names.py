"""A name that no target has: asked for at SIMBAD by a job, whose row the page follows."""

import re
import signal
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from harvest import names
from harvest.models import NameLookup
from harvest.simbad import Simbad
from harvest.views.names import FROM_ONE_ADDRESS
from publications.models import TargetAlias
from tests.factories import PaperFactory, TargetFactory
from tests.harvest.site import free_port, kill, own_redis
from tests.harvest.test_runs import served
from tests.publications.vo_sky import link
from tests.simbad_sandbox import SimbadSandbox

ASK = reverse("harvest:ask-name")


@pytest.fixture
def sandbox():
    with SimbadSandbox() as sandbox:
        sandbox.add_object(1, "* alf Ori", 88.79293899, 7.407064, otype="s*r",
                           names=["HD  39801", "NAME Betelgeuse"])  # fmt: skip
        sandbox.add_object(2, "NAME Barnard's star", 269.4521, 4.6934, otype="BY*")
        sandbox.add_object(3, "NAME Nowhere")
        yield sandbox


@pytest.fixture
def ours(db):
    """Betelgeuse, under a name of the list of diameters only."""
    target = TargetFactory(name="HD 39801", ra=88.79, dec=7.407)
    link(PaperFactory(), target)
    return target


def answered(sandbox, name):
    """The lookup of a name after SIMBAD was asked."""
    lookup = names.ask(name)
    names.answer_waiting(Simbad(sandbox.url, pace=0, sleep=lambda seconds: None))
    lookup.refresh_from_db()
    return lookup


def page_of(client, lookup, **query):
    answer = client.get(reverse("harvest:name", args=[lookup.pk]), query)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


# --- what SIMBAD says ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["Betelgeuse", "NAME Betelgeuse", "betelgeuse", "alf Ori", "α Ori", "alpha ori", "hd39801"]
)
def test_a_name_as_people_write_it_leads_to_our_target(sandbox, ours, client, name):
    lookup = answered(sandbox, name)
    assert (lookup.status, lookup.main_name, lookup.target) == ("found", "* alf Ori", ours)
    text = page_of(client, lookup)
    assert "SIMBAD calls it * alf Ori (s*r), at 05 55 10.31 +07 24 25.4 (ICRS, J2000)." in text
    assert "Papers here are linked to it under the name HD 39801" in text


def test_an_object_without_papers_is_told_with_what_is_near(sandbox, ours, client):
    link(PaperFactory(), TargetFactory(name="neighbour", ra=269.5, dec=4.7))
    lookup = answered(sandbox, "Barnard's star")
    assert (lookup.status, lookup.target) == ("found", None)
    text = page_of(client, lookup)
    assert "No paper here is linked to it." in text
    assert "neighbour" in text
    assert "None that a paper here is linked to." in page_of(client, lookup, radius="0.001")
    around = re.search(
        r'href="(/targets/\?q=[^"]+)"', client.get(reverse("harvest:name", args=[lookup.pk])).text
    )
    assert "neighbour" in client.get(around[1].replace("&amp;", "&")).text


def test_an_object_without_position_and_an_unknown_name_are_told_so(sandbox, db, client):
    assert "and knows no position of it" in page_of(client, answered(sandbox, "Nowhere"))
    text = page_of(client, answered(sandbox, "Planet X'; DROP TABLE basic; --{after}"))
    assert "SIMBAD knows no object called “Planet X'; DROP TABLE basic; --{after}”" in text.replace(
        "&#x27;", "'"
    )


@pytest.mark.parametrize("fault", ["503", "drop", "half", "error"])
def test_when_simbad_is_down_it_is_said_with_what_still_works(sandbox, db, client, settings, fault):
    settings.SIMBAD_TAP_URL = sandbox.url
    lookup = names.ask("Betelgeuse")
    sandbox.faults = [fault] * 5
    if fault == "error":
        call_command("resolve_names")
    else:
        with pytest.raises(CommandError, match="Those who wait are told so"):
            call_command("resolve_names")
    text = page_of(client, lookup)
    assert "SIMBAD does not answer at the moment. Names that papers here use, positions and lists" in text
    assert "Ask SIMBAD again" in text


def test_one_run_answers_all_who_wait(sandbox, db):
    lookups = [names.ask(name) for name in ("Betelgeuse", "Nowhere", "nobody")]
    assert names.answer_waiting(Simbad(sandbox.url, pace=0)) == 3
    assert sorted(NameLookup.objects.values_list("status", flat=True)) == ["found", "found", "unknown"]
    assert names.answer_waiting(Simbad(sandbox.url, pace=0)) == 0
    assert len(lookups) == NameLookup.objects.count()


def test_visitors_and_the_weekly_job_together_keep_simbads_limit():
    from harvest.simbad import PACE, VISITORS

    assert 1 / PACE + 1 / VISITORS["pace"] <= 6


# --- the page -------------------------------------------------------------------------------------


def test_a_search_that_finds_no_such_name_offers_to_ask(client, ours):
    text = client.get(reverse("publications:targets"), {"q": "Betelgeuse", "radius": "2"}).text
    assert "Ask SIMBAD for “Betelgeuse”" in text
    assert f'action="{ASK}"' in text
    assert "Ask SIMBAD" in client.get(reverse("publications:targets"), {"q": "HD 3"}).text
    for query in ({}, {"q": "10 20"}, {"q": "?!"}):
        assert "Ask SIMBAD" not in client.get(reverse("publications:targets"), query).text


def test_an_answer_is_kept_for_a_month(client, sandbox, ours, django_capture_on_commit_callbacks):
    lookup = answered(sandbox, "Betelgeuse")
    with django_capture_on_commit_callbacks() as started:
        answer = client.post(ASK, {"q": " betelgeuse ", "radius": "1"})
    assert answer["Location"] == f"{reverse('harvest:name', args=[lookup.pk])}?radius=1.0"
    assert started == []
    NameLookup.objects.update(asked_at=timezone.now() - timedelta(days=31))
    with django_capture_on_commit_callbacks() as started:
        client.post(ASK, {"q": "Betelgeuse"})
    assert len(started) == 1
    lookup.refresh_from_db()
    assert lookup.status == "waiting"


def test_while_it_waits_the_page_looks_again_with_and_without_scripts(client, db):
    lookup = names.ask("Betelgeuse")
    address = reverse("harvest:name", args=[lookup.pk])
    text = client.get(address).text
    assert 'hx-trigger="every 1s"' in text
    assert f'<a href="{address}?radius=0.1">Look again</a>' in text
    part = client.get(address, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<section id="name-answer"')
    assert "no-cache" in client.get(address)["Cache-Control"]


def test_a_job_that_died_is_not_waited_for(client, db):
    lookup = names.ask("Betelgeuse")
    NameLookup.objects.update(asked_at=timezone.now() - timedelta(minutes=4))
    text = page_of(client, lookup)
    assert "SIMBAD does not answer at the moment" in text
    assert "being asked" not in text
    assert not NameLookup.objects.waiting().exists()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "q: give a name"),
        ({"q": "?"}, "q: give a name"),
        ({"q": "a\x07b"}, "q: give a name"),
        ({"q": "x" * 121}, "at most 120 characters"),
        ({"q": "Vega", "radius": "far"}, "radius: “far” is not a decimal number"),
    ],
)
def test_what_is_no_name_is_refused_with_a_reason(client, db, fields, reason):
    answer = client.post(ASK, fields)
    assert answer.status_code == 400
    assert reason in answer.text
    assert not NameLookup.objects.exists()


def test_asking_is_a_post_with_a_token(client, db):
    from django.test import Client

    assert client.get(ASK).status_code == 405
    assert Client(enforce_csrf_checks=True).post(ASK, {"q": "Vega"}).status_code == 403


def test_the_public_asks_only_so_often(client, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as started:
        for number in range(FROM_ONE_ADDRESS):
            assert client.post(ASK, {"q": f"HD {number}"}).status_code == 302
        answer = client.post(ASK, {"q": "one more"})
        assert client.post(ASK, {"q": "other"}, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert "SIMBAD was asked too often from here." in answer.text
    assert len(started) == NameLookup.objects.count() == FROM_ONE_ADDRESS + 1


def test_the_whole_public_asks_only_so_often(client, db):
    NameLookup.objects.bulk_create(
        NameLookup(key=f"n{number}", name=f"n{number}") for number in range(names.IN_AN_HOUR)
    )
    assert client.post(ASK, {"q": "one more"}).status_code == 429
    NameLookup.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    assert not names.too_many()


def test_an_alias_of_any_of_its_names_makes_an_object_ours(sandbox, ours):
    TargetAlias.objects.filter(target=ours).delete()
    TargetAlias.objects.create(target=ours, name="Betelgeuse")
    assert answered(sandbox, "HD 39801").target == ours


# --- real processes ------------------------------------------------------------------------------


def until_answered(ask, address):
    end = time.monotonic() + 60
    while "being asked" in (text := ask(address).text):
        assert time.monotonic() < end, text
        time.sleep(0.1)
    return text


@pytest.mark.timeout(180)
def test_without_a_broker_the_page_starts_a_process(site, sandbox):
    site.environment["SIMBAD_TAP_URL"] = sandbox.url
    with served(site) as ask:
        assert "SIMBAD is being asked" in ask(ASK, q="Barnard's star").text
        assert "NAME Barnard" in until_answered(ask, "/targets/names/1/")


@pytest.mark.timeout(180)
def test_with_a_broker_a_worker_answers(site, sandbox, tmp_path):
    site.environment["SIMBAD_TAP_URL"] = sandbox.url
    with own_redis(tmp_path) as broker:
        if broker is None:
            pytest.skip("no redis-server on this machine")
        site.environment["CELERY_BROKER_URL"] = broker
        with served(site) as ask:
            assert "SIMBAD is being asked" in ask(ASK, q="Barnard's star").text
            worker = site.start(
                "-m", "celery", "-A", "olbin", "worker", "--concurrency", "1", "--pidfile", "",
                "--without-gossip", "--without-mingle",
            )  # fmt: skip
            try:
                assert "NAME Barnard" in until_answered(ask, "/targets/names/1/")
            finally:
                kill(worker, signal.SIGTERM)


def test_a_broker_that_is_down_is_told_at_once(site, sandbox):
    site.environment["CELERY_BROKER_URL"] = f"redis://127.0.0.1:{free_port()}/0"
    with served(site) as ask:
        assert "SIMBAD does not answer at the moment" in ask(ASK, q="Barnard's star").text
