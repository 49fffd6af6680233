import pytest

from harvest.curation import add_missing_tag, dismiss
from harvest.models import SearchRule, SoftwareGroup, TagReview
from harvest.recheck import recheck_tags
from publications.models import TagAssignment
from tests.factories import PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
NEW = "2020A&A...641A..85C"


@pytest.fixture
def paper(ads_sandbox):
    ads_sandbox.add(NEW, body="the VLTI and CHARA, with ASPRO of the JMMC")
    return PaperFactory(bibcode=NEW, tags=[TagFactory(name="VLTI")])


def states():
    return dict(TagReview.objects.values_list("rule__tag_name", "missing"))


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


def test_rule_of_a_software_group_asks_anew_when_the_group_changes(ads, ads_sandbox, paper):
    TagFactory(name="JMMC")
    group = SoftwareGroup.objects.get(name="JMMC")
    group.words = ["LITpro"]
    group.save()
    recheck_tags(ads)
    assert states()["JMMC"] is False
    group.words = ["LITpro", "ASPRO"]
    group.save()
    recheck_tags(ads)
    assert states()["JMMC"] is True


def meanwhile(ads, monkeypatch, act):
    """``act()`` happens while ADS answers the first look-up."""
    answer, done = ads.look_up, []

    def slow(*arguments):
        records = answer(*arguments)
        if not done:
            done.append(act())
        return records

    monkeypatch.setattr(ads, "look_up", slow)


def test_dismissal_while_ads_is_asked_stands(ads, paper, curator, monkeypatch):
    TagFactory(name="CHARA")
    recheck_tags(ads)
    waiting = TagReview.objects.get(rule__tag_name="CHARA")
    meanwhile(ads, monkeypatch, lambda: dismiss(waiting, curator))

    recheck_tags(ads)

    waiting.refresh_from_db()
    assert (waiting.missing, waiting.by) == (False, curator)


def test_paper_that_goes_while_ads_is_asked_is_left_out(ads, ads_sandbox, paper, monkeypatch):
    ads_sandbox.add("2021A&A...641A..86C", body="the VLTI")
    other = PaperFactory(bibcode="2021A&A...641A..86C")
    meanwhile(ads, monkeypatch, other.delete)

    assert recheck_tags(ads).status == "done"
    assert states() == {"VLTI": False}
