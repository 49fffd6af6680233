import pytest

from harvest.curation import add_missing_tag, dismiss
from harvest.models import SearchRule, TagReview
from harvest.recheck import recheck_tags
from publications.models import TagAssignment
from tests.factories import PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
NEW = "2020A&A...641A..85C"


@pytest.fixture
def paper(ads_sandbox):
    ads_sandbox.add(NEW, body="the VLTI and CHARA")
    return PaperFactory(bibcode=NEW, tags=[TagFactory(name="VLTI")])


def states():
    return dict(TagReview.objects.values_list("rule__name", "missing"))


def test_paper_is_marked_for_the_rules_it_meets_and_listed_for_those_it_misses(ads, paper):
    TagFactory(name="CHARA")
    TagFactory(name="NPOI")
    run = recheck_tags(ads)
    assert states() == {"VLTI": False, "CHARA": True, "NPOI": False}
    assert run.new == 1


def test_judged_paper_is_left_alone_until_the_rule_changes(ads, ads_sandbox, paper, curator):
    chara = TagFactory(name="CHARA")
    recheck_tags(ads)
    dismiss(TagReview.objects.get(rule__tag_name="CHARA"), curator)
    ads_sandbox.calls.clear()
    recheck_tags(ads)
    assert ads_sandbox.calls == []
    assert states() == {"VLTI": False, "CHARA": False}

    SearchRule.objects.filter(name="CHARA").update(query='=full:("CHARA" OR "Mount Wilson")')
    recheck_tags(ads)
    assert states() == {"VLTI": False, "CHARA": True}
    add_missing_tag(TagReview.objects.get(rule__name="CHARA"), curator)
    assert TagAssignment.objects.get(paper=paper, tag=chara).given_by == curator
    recheck_tags(ads)
    assert states() == {"VLTI": False, "CHARA": False}
