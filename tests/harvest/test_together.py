"""Candidates that are alike, decided on together: foreseen first, then one act, or none at all."""

import pytest
from django.urls import reverse

from harvest import curation
from harvest.models import BlocklistEntry, Candidate
from publications.models import Act, Paper
from tests.factories import TagFactory
from tests.harvest.triage_by_request import propose, text

pytestmark = pytest.mark.django_db


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
