import pytest
from django.urls import reverse

from harvest import curation
from harvest.models import PaperFlag
from publications.models import Identifier, Paper
from tests.factories import PaperFactory, TagFactory

pytestmark = pytest.mark.django_db


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
