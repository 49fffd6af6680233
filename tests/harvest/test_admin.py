from datetime import date, timedelta

import pytest
from django.urls import reverse

from harvest import curation
from harvest.models import BlocklistEntry, Candidate, PaperFlag, SearchRule
from publications.models import Identifier, Paper
from tests.factories import PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
LIST = reverse("admin:harvest_candidate_changelist")


@pytest.fixture
def candidate():
    candidate = Candidate.objects.create(bibcode="2020A&A...641A..85C", title="A star", year=2020)
    candidate.rules.add(SearchRule.objects.get(name="VLTI"))
    return candidate


@pytest.fixture
def desk(client, curator):
    client.force_login(curator)
    return client


def send(desk, action, candidate, **answer):
    return desk.post(LIST, {"action": action, "_selected_action": [candidate.pk], **answer})


def test_accept_asks_for_tags_then_makes_the_paper(desk, candidate, curator):
    vlti, keck = TagFactory(name="VLTI"), TagFactory(name="Keck")
    assert "A star" in send(desk, "accept", candidate).content.decode()
    assert not Paper.objects.exists()

    send(desk, "accept", candidate, confirmed="yes", tags=[keck.pk], suggested="on")

    paper = Paper.objects.get()
    assert {given.tag: given.given_by for given in paper.assignments.all()} == {vlti: curator, keck: curator}


def test_block_needs_a_reason(desk, candidate):
    assert "This field is required" in send(desk, "block", candidate, confirmed="yes").content.decode()
    send(desk, "block", candidate, confirmed="yes", reason="only-cites", note="x")
    assert BlocklistEntry.objects.get().note == "x"


def test_postponed_candidate_keeps_its_day(desk, candidate):
    day = date.today() + timedelta(days=9)
    send(desk, "postpone", candidate, confirmed="yes", until=day.isoformat())
    candidate.refresh_from_db()
    assert candidate.postponed_until == day


def test_what_cannot_be_decided_is_said(desk, candidate, curator):
    curation.block(candidate, "only-cites", "", curator)
    answer = desk.post(
        LIST,
        {"action": "accept", "_selected_action": [candidate.pk], "confirmed": "yes"},
        follow=True,
    )
    assert "was blocked by curator already" in answer.content.decode()


def test_stranger_of_the_staff_cannot_decide(client, candidate, django_user_model):
    client.force_login(django_user_model.objects.create_user("stranger", is_staff=True))
    assert send(client, "accept", candidate, confirmed="yes").status_code == 403
    assert not Paper.objects.exists()


@pytest.mark.parametrize("model", [
    "candidate", "searchrule", "softwaregroup", "harvestrun", "endpointquota", "syncplan", "tagreview",
    "paperflag",
])  # fmt: skip
def test_each_list_opens(desk, model):
    assert desk.get(reverse(f"admin:harvest_{model}_changelist")).status_code == 200


def test_broken_rule_is_refused_with_the_fix(desk):
    answer = desk.post(
        reverse("admin:harvest_searchrule_add"),
        {"kind": "facility", "name": "x", "query": '=full:("x"', "tag_name": "no such tag"},
    ).content.decode()
    assert "is not closed" in answer
    assert "the vocabulary has no tag" in answer


def test_merge_keeps_everything_under_one_paper(curator):
    vlti, keck = TagFactory(name="VLTI"), TagFactory(name="Keck")
    paper = PaperFactory(bibcode="2020A&A...641A..85C", tags=[vlti])
    other = PaperFactory(bibcode="2020arXiv200100001C", tags=[vlti, keck])
    flag = PaperFlag.objects.create(paper=paper, kind="merge", other=other)

    curation.merge(flag, curator)

    assert list(Paper.objects.all()) == [paper]
    assert set(paper.tags.all()) == {vlti, keck}
    assert Identifier.objects.get(key="2020arxiv200100001c").paper == paper
    assert not PaperFlag.objects.exists()
