"""The queue, by plain requests: how it is narrowed, what comes next, queries that do not grow."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from harvest import curation
from harvest.models import Candidate, SearchRule
from tests.factories import PaperFactory, TagFactory
from tests.harvest.triage_by_request import QUEUE, page, propose, rule, send, text, ticked

pytestmark = pytest.mark.django_db


def test_postponed_candidate_leaves_the_queue_until_its_day(desk):
    candidate = propose()
    day = date.today() + timedelta(days=9)
    assert send(desk, candidate, "postpone", until=day.isoformat()).url == QUEUE
    assert ">A star</a>" not in text(desk.get(QUEUE))
    assert f"postponed to {day}" in text(desk.get(QUEUE, {"postponed": "yes"}))


NARROWED = [
    ("year=2019", {"old"}),
    ("journal=ApJ", {"old"}),
    ("tag=CHARA", {"labelled"}),
    ("suggested=yes", {"asked"}),
    ("postponed=yes", {"later"}),
    ("year=2020&journal=A%26A", {"labelled", "asked"}),
]


@pytest.mark.parametrize(("query", "expected"), [*NARROWED, ("", {"labelled", "old", "asked"})])
def test_queue_is_narrowed(desk, query, expected):
    propose("2020A&A...641A...1C", "CHARA", title="labelled")
    propose("2019ApJ...641A...2C", title="old", year=2019)
    propose("2020A&A...641A...3C", title="asked", suggested=True)
    propose("2020A&A...641A...4C", title="later", postponed_until=date.today() + timedelta(days=1))
    shown = text(desk.get(f"{QUEUE}?{query}"))
    assert {name for name in ("labelled", "old", "asked", "later") if f">{name}</a>" in shown} == expected
    one = f"rule={rule('CHARA').pk}"
    assert ">labelled</a>" in text(desk.get(f"{QUEUE}?{one}"))
    assert ">old</a>" not in text(desk.get(f"{QUEUE}?{one}"))


def test_choices_tell_how_many_candidates_wait_with_them_each_counted_once(desk):
    SearchRule.objects.create(kind="facility", name="CHARA anew", query="x", tag_name="CHARA")
    propose("2020A&A...641A...1C", "CHARA", "CHARA anew")
    propose("2020A&A...641A...2C", "CHARA", "VLTI")
    propose("2019ApJ...641A...3C", "CHARA", year=2019)
    propose("2019ApJ...641A...4C", "CHARA", year=2019, postponed_until=date.today() + timedelta(days=1))
    shown = text(desk.get(QUEUE))
    for choice in ("CHARA anew (1)", "VLTI (1)", "A&amp;A (2)", "ApJ (1)", "2020 (2)", "2019 (1)"):
        assert f">{choice}<" in shown, choice
    assert shown.count(">CHARA (3)<") == 2


@pytest.mark.parametrize(
    ("query", "said"),
    [("year=x", "year: four digits"), ("rule=x", "rule: the number"), ("page=9", "page: there are 1"),
     ("page=x", "page: a number"), ("suggested=no", "suggested: only")],
)  # fmt: skip
def test_malformed_choice_is_refused_with_the_parameter(desk, query, said):
    propose()
    answer = desk.get(f"{QUEUE}?{query}")
    assert answer.status_code == 400
    assert said in text(answer)


def test_next_goes_through_the_queue_in_its_order_and_ends(desk):
    last, first, second, alike = (
        propose(f"2020A&A...641A...{n}C", points=p) for n, p in ((1, -10), (2, 90), (3, 0), (4, 0))
    )
    following = reverse("admin:triage-next")
    assert desk.get(following).url == page(first)
    assert desk.get(following, {"after": first.pk}).url == page(second)
    assert desk.get(following, {"after": second.pk}).url == page(alike)
    assert desk.get(following, {"after": alike.pk}).url == page(last)
    assert desk.get(following, {"after": last.pk}).url == QUEUE
    assert desk.get(following, {"after": "x"}).url == page(first)


def test_script_gets_the_page_of_the_next_candidate_at_once_with_its_address(desk, main):
    vlti = TagFactory(name="VLTI")
    first = propose("2020A&A...641A...1C", "VLTI", points=900, title="one")
    second = propose("2020A&A...641A...2C", "VLTI", points=800, title="two")
    third = propose("2020A&A...641A...3C", points=100, title="three")
    script, chosen = {"HX-Request": "true"}, "?year=2020"

    answer = desk.post(
        page(first, chosen),
        {"decision": "block", "reason": "only-cites", "note": "my words", "tags": [vlti.slug]},
        headers=script,
    )
    assert (answer.status_code, answer["HX-Push-Url"]) == (200, page(second, chosen))
    assert "Blocked 2020A&amp;A...641A...1C" in text(answer)
    assert f'action="{page(second, chosen)}"' in text(answer)
    assert "my words" not in text(answer)
    # The same page as when its address is opened: the tag is ticked by its rule, not by what was sent.
    opened = desk.get(page(second, chosen))
    assert ticked(answer) == ticked(opened) == ["vlti"]
    assert "0 of 1 accepted, 0 %" in text(answer)
    assert "0 of 1 accepted, 0 %" in text(opened)

    following = reverse("admin:triage-next") + f"{chosen}&after={second.pk}"
    answer = desk.get(following, headers=script)
    assert answer["HX-Push-Url"] == page(third, chosen)
    assert "three</h1>" in text(answer)


def test_script_gets_the_part_that_it_takes_and_who_goes_back_the_whole_page(desk):
    candidate = propose(title="one")
    part = text(desk.get(page(candidate), headers={"HX-Request": "true"}))
    assert "<title>one | OLBIN Publications</title>" in part
    assert 'id="triage"' in part
    assert "<html" not in part
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in text(desk.get(page(candidate), headers=back))


def test_behind_the_last_candidate_the_script_is_told_to_open_the_queue(desk):
    candidate = propose()
    answer = desk.post(
        page(candidate, "?year=2020"),
        {"decision": "block", "reason": "only-cites"},
        follow=True,
        headers={"HX-Request": "true"},
    )
    assert answer["HX-Redirect"] == f"{QUEUE}?year=2020"
    assert "Blocked 2020A&amp;A...641A..85C" in text(desk.get(QUEUE))


def queries_of(desk, target, headers):
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(target, headers=headers).status_code == 200
    return len(queries)


@pytest.mark.parametrize("address", ["queue", "candidate", "next"])
def test_number_of_queries_does_not_grow(desk, main, address, curator):
    for name in ("CHARA", "VLTI"):
        TagFactory(name=name)
    evidence = {"references": [PaperFactory(tags=main).bibcode]}
    first = propose("2020A&A...641A...0C", "CHARA", points=1000, evidence=evidence)
    curation.block(propose("2018A&A...641A...0C", "CHARA"), "only-cites", "", curator)
    target = {"queue": QUEUE, "candidate": page(first), "next": reverse("admin:triage-next")}[address]
    headers = {"HX-Request": "true"} if address == "next" else {}
    alone = queries_of(desk, target, headers)
    for n in range(1, 50):
        propose(f"2020A&A...641A.{n:.>3}C", "CHARA", "VLTI")
    first.weigh({"references": [PaperFactory(tags=main).bibcode for _ in range(50)]})
    first.points = 1000
    first.save()
    Candidate.objects.rank()
    assert queries_of(desk, target, headers) == alone


def test_list_of_candidates_leads_into_triage_and_has_no_actions(desk):
    candidate = propose()
    shown = text(desk.get(reverse("admin:harvest_candidate_changelist")))
    assert page(candidate) in shown
    assert 'name="action"' not in shown
