"""The page of one candidate and each decision on it, by plain requests; the browser has its own tests."""

import re
from datetime import date

import pytest
from django.urls import reverse

from harvest import curation
from harvest.models import BlocklistEntry, Candidate, SearchRule
from harvest.vocabulary.changes import carry_out
from harvest.vocabulary.retiring import Retire
from publications.models import Act, Paper
from tests.factories import CategoryFactory, PaperFactory, TagFactory
from tests.harvest.triage_by_request import QUEUE, page, propose, send, text, ticked

pytestmark = pytest.mark.django_db


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
