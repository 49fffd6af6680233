"""The queue and the page of one candidate, by plain requests; the browser has its own tests."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from harvest import curation
from harvest.models import BlocklistEntry, Candidate, SearchRule
from harvest.vocabulary.changes import carry_out
from harvest.vocabulary.retiring import Retire
from publications.models import Act, Paper
from tests.factories import CategoryFactory, PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:triage")


@pytest.fixture
def desk(client, curator):
    client.force_login(curator)
    return client


@pytest.fixture
def main():
    category = CategoryFactory(name="MainCategory", position=0)
    return [TagFactory(name=name, category=category) for name in ("Astrophysical results", "Instrumentation")]


def rule(name):
    return SearchRule.objects.get(name=name)


def propose(bibcode="2020A&A...641A..85C", *rules, **columns):
    candidate = Candidate.objects.create(bibcode=bibcode, **{"title": "A star", "year": 2020} | columns)
    candidate.rules.set([rule(name) for name in rules])
    Candidate.objects.rank()
    return candidate


def page(candidate, query=""):
    return reverse("admin:triage-candidate", args=[candidate.pk]) + query


def send(desk, candidate, decision, query="", **fields):
    return desk.post(page(candidate, query), {"decision": decision, **fields})


def text(response):
    return response.content.decode()


def ticked(response):
    """Tags and main category that are chosen in the form."""
    return [
        piece.split('"')[0]
        for piece in text(response).split('value="')[1:]
        if " checked" in piece.split(">")[0] and '"' in piece
    ]


def test_suggested_tags_and_a_sole_parent_are_ticked_beforehand_and_no_others(desk, main):
    vlti, susi, chara = TagFactory(name="VLTI"), TagFactory(name="SUSI"), TagFactory(name="CHARA")
    pionier = TagFactory(name="PIONIER", category=CategoryFactory(name="Instrument"))
    pavo = TagFactory(name="PAVO", category=CategoryFactory(name="Instrument"))
    pionier.parents.add(vlti)
    pavo.parents.add(susi, chara)
    SearchRule.objects.create(kind="second", name="PAVO here", query="x", tag_name="PAVO")
    candidate = propose("2020A&A...641A..85C", "PIONIER (label)", "PAVO here")

    shown = desk.get(page(candidate))

    assert set(ticked(shown)) == {"pionier", "vlti", "pavo"}
    for offered in ("susi", "chara"):
        assert f'value="{offered}"' in text(shown)


def test_parent_of_several_that_is_suggested_too_makes_the_others_needless(desk):
    susi, chara = TagFactory(name="SUSI"), TagFactory(name="CHARA")
    TagFactory(name="PAVO").parents.add(susi, chara)
    SearchRule.objects.create(kind="second", name="PAVO here", query="x", tag_name="PAVO")
    shown = desk.get(page(propose("2020A&A...641A..85C", "PAVO here", "CHARA")))
    assert set(ticked(shown)) == {"pavo", "chara"}
    assert 'value="susi"' not in text(shown)


def test_page_shows_why_it_was_proposed(desk, curator):
    near = PaperFactory(
        bibcode="2012A&A...540A...5D", title="The diameter of Vega", tags=[TagFactory(name="VLTI")]
    )
    for n, decision in enumerate(["accept", "accept", "accept", "block"]):
        other = propose(f"2019A&A...641A...{n}C", "CHARA")
        curation.accept(other, [], curator) if decision == "accept" else curation.block(
            other, "only-cites", "", curator
        )
    candidate = propose(
        "2020A&A...641A..85C", "CHARA", title="H<SUB>2</SUB> in a <script>star</script>",
        abstract="We used CHARA on a star.",
        evidence={"references": [near.bibcode], "citations": [], "words": ["CHARA"],
                  "nearest": [{"bibcode": near.bibcode, "tags": ["VLTI"], "likeness": 0.4}]},
    )  # fmt: skip

    shown = text(desk.get(page(candidate)))

    assert "H<sub>2</sub> in a star" in shown.replace("&lt;script&gt;", "").replace("&lt;/script&gt;", "")
    assert "<script>star" not in shown
    assert "We used <mark>CHARA</mark> on a star." in shown
    assert "3 of 4 accepted, 75 %" in shown
    assert shown.count(near.get_absolute_url().replace("&", "&amp;")) == 2
    assert "/link_gateway/2020A%26A...641A..85C/PUB_PDF" in shown


def test_rows_of_before_show_their_numbers(desk):
    candidate = propose(evidence={"references": 7, "citations": 0, "words": [], "nearest": []})
    assert "<dd>7" in text(desk.get(page(candidate)))
    assert desk.get(QUEUE).status_code == 200


def test_accept_tags_the_paper_and_goes_on_to_the_next_of_the_same_choice(desk, main, curator):
    vlti = TagFactory(name="VLTI")
    first = propose("2020A&A...641A...1C", "VLTI", points=50)
    propose("2020ApJ...641A...2C", points=40)
    third = propose("2021A&A...641A...3C", "VLTI", points=30)

    answer = send(
        desk, first, "accept", "?journal=A%26A", main=main[0].slug, tags=["vlti"], other="instrumentation"
    )

    assert answer.url == page(third, "?journal=A%26A")
    paper = Paper.objects.get()
    assert set(paper.tags.all()) == {main[0], main[1], vlti}
    assert {given.given_by for given in paper.assignments.all()} == {curator}


def test_without_a_main_category_it_asks_once(desk, main):
    candidate = propose()
    asked = send(desk, candidate, "accept", tags=[], other="Instrumentation x")
    assert asked.status_code == 400
    asked = send(desk, candidate, "accept")
    assert asked.status_code == 400
    assert "No main category is chosen" in text(asked)
    assert 'name="without"' in text(asked)
    assert not Paper.objects.exists()

    send(desk, candidate, "accept", without="yes")

    assert Paper.objects.get().tags.count() == 0


def test_unknown_tag_is_named_and_the_rest_of_the_choice_is_kept(desk, main):
    vlti = TagFactory(name="VLTI")
    answer = send(desk, propose(), "accept", main=main[0].slug, tags=[vlti.slug], other="GRAVITTY")
    assert answer.status_code == 400
    assert "the vocabulary has no tag “GRAVITTY”" in text(answer)
    assert set(ticked(answer)) == {"vlti", main[0].slug}
    assert 'value="GRAVITTY"' in text(answer)


def test_tag_that_was_retired_meanwhile_is_named_and_the_rest_is_kept(desk, main):
    vlti, old = TagFactory(name="VLTI"), TagFactory(name="Old one")
    candidate = propose()
    old.delete()
    answer = send(desk, candidate, "accept", main=main[0].slug, tags=[vlti.slug, "old-one"])
    assert answer.status_code == 400
    assert "Retired since this page was opened: old-one" in text(answer)
    assert set(ticked(answer)) == {"vlti", main[0].slug}
    assert not Paper.objects.exists()


def test_typed_tag_that_was_retired_meanwhile_is_called_so_too(desk, main, curator):
    vlti = TagFactory(name="VLTI")
    carry_out(Retire(TagFactory(name="Old one")), curator)
    answer = send(
        desk, propose(), "accept", main=main[0].slug, tags=[vlti.slug], other=["Old one", "GRAVITTY"]
    )
    assert answer.status_code == 400
    assert "Retired since this page was opened: Old one. Choose again" in text(answer)
    assert "the vocabulary has no tag “GRAVITTY”" in text(answer)
    assert set(ticked(answer)) == {"vlti", main[0].slug}
    assert 'value="GRAVITTY"' in text(answer)


def test_tag_that_is_retired_while_the_accept_runs_stops_it(curator):
    old = TagFactory(name="Old one")
    candidate = propose()
    type(old).objects.filter(pk=old.pk).delete()
    with pytest.raises(curation.CannotDecide, match="“Old one” was retired meanwhile"):
        curation.accept(candidate, [old], curator)
    assert not Paper.objects.exists()


def test_second_of_two_curators_is_told_by_whom_and_keeps_the_text(desk, curator, django_user_model):
    colleague = django_user_model.objects.create_user("colleague")
    candidate = propose()
    curation.block(candidate, "only-cites", "mine", colleague)

    answer = send(desk, candidate, "block", reason="duplicate", note="my long words")

    assert answer.status_code == 409
    assert "was blocked by colleague already" in text(answer)
    assert ">my long words</textarea>" in text(answer)
    assert BlocklistEntry.objects.get().note == "mine"
    assert send(desk, candidate, "accept", without="yes").status_code == 409
    assert not Paper.objects.exists()


def test_candidate_that_became_a_paper_is_said_so_and_can_be_taken_away(desk, main):
    candidate = propose(identifiers=["2020A&A...641A..85C", "10.1/x"], doi="10.1/x")
    paper = PaperFactory(bibcode="2020arXiv200100001C")
    curation.add_identifiers(paper, ["10.1/x"])

    assert "In the database already, as" in text(desk.get(page(candidate)))
    answer = send(desk, candidate, "accept", main=main[0].slug)
    assert answer.status_code == 409
    assert "already, as 2020arXiv200100001C" in text(answer)
    send(desk, candidate, "withdraw")
    assert not Candidate.objects.exists()
    assert Paper.objects.get() == paper


def buttons(response):
    """``{value: whether it can be pressed}`` of the decisions and reasons."""
    found = re.findall(r'<button[^>]* name="(?:decision|reason)" value="([^"]+)"([^>]*)>', text(response))
    return {value: "disabled" not in rest for value, rest in found}


def test_of_what_is_in_the_database_nothing_but_a_comment_and_the_withdrawal_is_offered(desk):
    candidate = propose()
    assert buttons(desk.get(page(candidate))) == {
        "accept": True, "not-interferometry": True, "only-cites": True, "duplicate": True,
        "not-refereed": True, "postpone": True, "comment": True,
    }  # fmt: skip
    PaperFactory(bibcode=candidate.bibcode)
    offered = buttons(desk.get(page(candidate)))
    assert {value for value, can in offered.items() if can} == {"withdraw", "comment"}
    send(desk, candidate, "withdraw", comment="my long words")
    last, before = Candidate.history.filter(id=candidate.pk)[:2]
    assert (last.history_type, before.note) == ("-", f"curator, {date.today()}: my long words")
    assert last.act == before.act


def test_candidate_that_was_withdrawn_meanwhile_gives_the_words_back(desk, curator):
    candidate = propose()
    PaperFactory(bibcode=candidate.bibcode)
    curation.withdraw(candidate, curator)
    answer = send(desk, candidate, "block", reason="duplicate", note="my long words")
    assert answer.status_code == 410
    assert "my long words</textarea>" in text(answer)
    assert "withdrew 2020A&amp;A...641A..85C" in text(answer)


@pytest.mark.parametrize(
    ("decision", "fields", "said"),
    [
        ("block", {"note": "words"}, "reason: choose one of the list"),
        ("block", {"reason": "uncurated", "note": "words"}, "reason: “uncurated” is none of the list"),
        ("block", {"reason": "duplicate", "note": "w" * 2001}, "note: at most 2000 characters, not 2001"),
        ("postpone", {"until": "tomorrow"}, "until: a date as 2026-12-31 is expected"),
        ("postpone", {"until": "2020-01-01"}, "a candidate is put off to a date to come"),
        ("comment", {"comment": " "}, "comment: there is nothing to keep"),
    ],
)
def test_what_is_missing_is_named_and_nothing_happens(desk, decision, fields, said):
    candidate = propose()
    answer = send(desk, candidate, decision, **fields)
    assert answer.status_code in (400, 409)
    assert said in text(answer)
    assert fields.get("note", "") in text(answer)
    assert not Act.objects.exists()


@pytest.mark.parametrize(
    ("decision", "wrong"),
    [("postpone", {"until": "2020-01-01"}), ("block", {"reason": "duplicate", "note": "w" * 2001}),
     ("block", {"reason": "uncurated"}), ("accept", {"other": "GRAVITTY"}),
     ("comment", {"comment": "w" * 2001})],
)  # fmt: skip
def test_all_that_was_ticked_and_typed_stands_in_the_form_after_a_refusal(desk, main, decision, wrong):
    TagFactory(name="VLTI")
    chara = TagFactory(name="CHARA")
    candidate = propose("2020A&A...641A..85C", "VLTI", "CHARA")
    sent = {"note": "words for visitors", "comment": "words for us", "until": "2999-01-01"} | wrong
    answer = send(desk, candidate, decision, main=main[1].slug, tags=[chara.slug], **sent)
    assert answer.status_code in (400, 409)
    assert set(ticked(answer)) == {"chara", main[1].slug}
    assert f">{sent['note']}</textarea>" in text(answer)
    assert f">{sent['comment']}</textarea>" in text(answer)
    assert f'value="{sent["until"]}"' in text(answer)
    assert not Act.objects.filter(by__username="curator").exists()


@pytest.mark.parametrize(
    ("decision", "fields", "kept"),
    [("accept", {}, ["for visitors", "for us"]),
     ("postpone", {"until": "2999-01-01"}, ["for visitors", "for us"]),
     ("block", {"reason": "duplicate"}, ["for us"])],
)  # fmt: skip
def test_other_words_of_the_form_become_comments_in_the_same_act(desk, main, decision, fields, kept):
    candidate = propose()
    typed = {"note": "for visitors", "comment": "for us"}
    assert send(desk, candidate, decision, main=main[0].slug, **typed, **fields).status_code == 302
    candidate.refresh_from_db()
    assert candidate.note.splitlines() == [f"curator, {date.today()}: {words}" for words in kept]
    assert [entry.note for entry in BlocklistEntry.objects.all()] == ["for visitors"] * (decision == "block")
    made = Act.objects.get()
    assert f"{candidate.bibcode}, with a comment" in made.name
    desk.post(reverse("admin:triage-undo"), {"act": made.pk})
    candidate.refresh_from_db()
    assert (candidate.status, candidate.note, candidate.postponed_until) == ("pending", "", None)


def test_words_that_are_too_long_for_a_comment_stop_the_decision_beside_them(desk, main):
    answer = send(desk, propose(), "accept", main=main[0].slug, comment="w" * 2001)
    assert answer.status_code == 400
    assert "comment: at most 2000 characters, not 2001" in text(answer)
    assert not Act.objects.exists()
    assert not Paper.objects.exists()


def test_comment_leaves_the_rest_of_the_form_as_it_was(desk, main):
    candidate = propose()
    sent = {"comment": "for us", "note": "for visitors", "main": main[1].slug, "other": "unfini"}
    answer = send(desk, candidate, "comment", **sent)
    assert f"curator, {date.today()}: for us</p>" in text(answer)
    assert ">for visitors</textarea>" in text(answer)
    assert ">for us</textarea>" not in text(answer)
    assert 'value="unfini"' in text(answer)
    assert ticked(answer) == [main[1].slug]


def test_postponed_candidate_leaves_the_queue_until_its_day(desk):
    candidate = propose()
    day = date.today() + timedelta(days=9)
    assert send(desk, candidate, "postpone", until=day.isoformat()).url == QUEUE
    assert ">A star</a>" not in text(desk.get(QUEUE))
    assert f"postponed to {day}" in text(desk.get(QUEUE, {"postponed": "yes"}))


def test_comments_stand_below_each_other_with_their_authors(desk, curator):
    candidate = propose(note="a visitor: look")
    assert send(desk, candidate, "comment", comment="not sure").status_code == 200
    send(desk, candidate, "comment", comment="sure")
    candidate.refresh_from_db()
    today = date.today()
    assert candidate.note.splitlines() == [
        "a visitor: look", f"curator, {today}: not sure", f"curator, {today}: sure",
    ]  # fmt: skip
    assert candidate.status == "pending"


def test_undo_brings_the_candidate_back_and_shows_it(desk, main):
    candidate = propose()
    send(desk, candidate, "accept", main=main[0].slug)
    answer = desk.post(reverse("admin:triage-undo"), {"act": Act.objects.get().pk})
    assert answer.url == page(candidate)
    assert not Paper.objects.exists()
    candidate.refresh_from_db()
    assert candidate.status == "pending"


def test_only_own_acts_on_candidates_are_undone_here(desk, django_user_model, curator):
    colleague = django_user_model.objects.create_user("colleague")
    curation.block(propose(), "only-cites", "", colleague)
    assert desk.post(reverse("admin:triage-undo"), {"act": Act.objects.get().pk}).status_code == 404
    assert desk.post(reverse("admin:triage-undo"), {"act": "x"}).status_code == 404
    assert BlocklistEntry.objects.exists()
    assert "Your last decisions" not in text(desk.get(QUEUE))


def test_what_cannot_be_undone_any_more_is_said(desk, curator):
    candidate = propose()
    curation.block(candidate, "only-cites", "", curator)
    BlocklistEntry.objects.get().delete()
    answer = desk.post(reverse("admin:triage-undo"), {"act": Act.objects.get().pk}, follow=True)
    assert "Not undone: " in text(answer)


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


def together(desk, candidates, decision, step="", **fields):
    return desk.post(
        reverse("admin:triage-together"),
        {
            "candidate": [candidate.pk for candidate in candidates],
            "decision": decision,
            "step": step,
            **fields,
        },
        follow=True,
    )


def test_alike_candidates_are_accepted_together_as_one_act_after_a_preview(desk, main, curator):
    TagFactory(name="VLTI")
    candidates = [propose(f"2020A&A...641A...{n}C", "VLTI") for n in range(3)]
    assert 'value="vlti" checked' in text(together(desk, candidates, "accept"))

    seen = text(together(desk, candidates, "accept", "preview", main=main[0].slug, tags="vlti"))
    assert "becomes a paper with Astrophysical results, VLTI" in seen
    assert "Accept 3 candidates" in seen
    assert not Act.objects.exists()

    together(desk, candidates, "accept", "do", main=main[0].slug, tags="vlti")
    assert Paper.objects.count() == 3
    assert Act.objects.get().name == "accepted 3 candidates"
    desk.post(reverse("admin:triage-undo"), {"act": Act.objects.get().pk})
    assert not Paper.objects.exists()
    assert Candidate.objects.pending().count() == 3


@pytest.mark.parametrize(
    ("decision", "fields", "foreseen"),
    [
        ("block", {"reason": "only-cites", "note": "x"}, "is blocked: only cites interferometry, “x”"),
        ("postpone", {"until": "2999-01-01"}, "is postponed to 2999-01-01"),
        ("accept", {}, "becomes a paper with no tag; without a main category"),
    ],
)
def test_preview_says_exactly_what_will_happen(desk, main, decision, fields, foreseen):
    candidates = [propose(f"2020A&A...641A...{n}C") for n in range(2)]
    assert foreseen in text(together(desk, candidates, decision, "preview", **fields))


def test_candidates_that_are_not_alike_are_not_decided_together(desk):
    unlike = [propose("2020A&A...641A...1C", "VLTI"), propose("2020A&A...641A...2C", "VLTI", "CHARA")]
    assert "decide on them apart" in text(together(desk, unlike, "accept"))
    no_rule = [propose("2020A&A...641A...3C"), propose("2020ApJ...641A...3C")]
    assert "decide on them apart" in text(together(desk, no_rule, "block", "do", reason="only-cites"))
    assert "choose at least one" in text(together(desk, [], "accept"))
    assert not Act.objects.exists()


def test_one_that_was_decided_meanwhile_stops_all_and_is_named(desk, django_user_model):
    colleague = django_user_model.objects.create_user("colleague")
    candidates = [propose(f"2020A&A...641A...{n}C") for n in range(3)]
    curation.block(candidates[1], "only-cites", "", colleague)
    answer = together(desk, candidates, "block", "do", reason="duplicate")
    assert answer.status_code == 409
    assert "was blocked by colleague already" in text(answer)
    assert "Block 2 candidates" in text(answer)
    assert BlocklistEntry.objects.count() == 1


def test_without_the_right_to_change_candidates_nothing_is_decided(client, django_user_model):
    from django.contrib.auth.models import Permission

    reader = django_user_model.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_candidate"))
    client.force_login(reader)
    candidate = propose()
    assert client.get(page(candidate)).status_code == 200
    assert send(client, candidate, "block", reason="only-cites").status_code == 403
    assert client.post(reverse("admin:triage-together"), {"decision": "block"}).status_code == 403
    assert client.post(reverse("admin:triage-undo"), {"act": "1"}).status_code == 403
    stranger = django_user_model.objects.create_user("stranger", is_staff=True)
    client.force_login(stranger)
    assert client.get(page(candidate)).status_code == 403
    assert not BlocklistEntry.objects.exists()


def test_list_of_candidates_leads_into_triage_and_has_no_actions(desk):
    candidate = propose()
    shown = text(desk.get(reverse("admin:harvest_candidate_changelist")))
    assert page(candidate) in shown
    assert 'name="action"' not in shown
