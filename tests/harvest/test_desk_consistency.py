"""The desk's pages of the consistency rules and of the check of tags."""

from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from harvest.models import ConsistencyRule, SearchRule, TagReview, Waiver
from publications.models import Act, SourceRecord, TagAssignment
from tests.factories import CategoryFactory, PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def tags():
    facility, instrument = CategoryFactory(name="Facility"), CategoryFactory(name="Instrument")
    tags = {name: TagFactory(name=name, category=facility) for name in ("CHARA", "SUSI")}
    tags |= {name: TagFactory(name=name, category=instrument) for name in ("MIRC-X", "PAVO")}
    tags["MIRC-X"].parents.add(tags["CHARA"])
    tags["PAVO"].parents.add(tags["CHARA"], tags["SUSI"])
    return tags


def names(paper):
    return set(paper.tags.values_list("name", flat=True))


def text_of(response):
    return unescape(response.content.decode())


def page(number="12"):
    return reverse("admin:consistency-rule", args=[number])


def test_list_of_rules_counts_findings_and_says_what_cannot_apply(desk, tags):
    PaperFactory(tags=[tags["MIRC-X"]])
    shown = desk.get(reverse("admin:consistency")).content.decode()
    assert "<strong>1</strong> paper to look at, each counted once" in shown
    assert "the vocabulary has no category “HIDDEN”" in shown
    assert shown.index("2 OiDB tag") < shown.index("12 Missing parent")


def test_one_key_adds_the_ticked_parent_and_undo_takes_it_back(desk, tags):
    paper = PaperFactory(tags=[tags["MIRC-X"]])
    shown = desk.get(page()).content.decode()
    pair = f"{paper.pk}-{tags['CHARA'].pk}"
    assert f'value="{pair}" checked' in shown
    assert 'data-key="a"' in shown
    answer = desk.post(page(), {"mend": paper.pk, "tag": pair}, headers=HTMX)
    assert f"{paper.bibcode} got what was chosen" in text_of(answer)
    assert names(paper) == {"MIRC-X", "CHARA"}

    desk.post(page(), {"undo": answer.context["act"].pk})
    assert names(paper) == {"MIRC-X"}


def test_of_several_parents_none_is_ticked_and_nothing_is_added_by_itself(desk, tags):
    paper = PaperFactory(tags=[tags["PAVO"]])
    shown = desk.get(page()).content.decode()
    assert shown.count('name="tag"') == 2
    assert "checked" not in shown
    answer = desk.post(page(), {"mend": paper.pk}, follow=True).content.decode()
    assert "Nothing was added: no tag was chosen" in answer
    assert names(paper) == {"PAVO"}


def test_preview_shows_the_papers_with_one_choice_and_changes_nothing(desk, tags):
    sole, several = PaperFactory(tags=[tags["MIRC-X"]]), PaperFactory(tags=[tags["PAVO"]])
    shown = text_of(desk.post(page(), {"preview": "all"}))
    assert "Nothing was changed yet. These 1 papers" in shown
    assert sole.bibcode in shown
    assert several.bibcode not in shown
    assert names(sole) == {"MIRC-X"}
    answer = desk.post(page(), {"mend": "all", "tag": f"{sole.pk}-{tags['CHARA'].pk}"}, follow=True)
    assert names(sole) == {"MIRC-X", "CHARA"}
    assert answer.context["done"].name == "added tags: rule 12 Missing parent"


def test_waiver_has_a_reason_is_listed_and_can_be_revoked(desk, curator, tags):
    paper = PaperFactory(tags=[tags["MIRC-X"]])
    assert "say why" in desk.post(page(), {"waive": paper.pk, "reason": " "}, headers=HTMX).content.decode()
    desk.post(page(), {"waive": paper.pk, "reason": "before CHARA"})
    shown = desk.get(page())
    assert list(shown.context["findings"]) == []
    assert "before CHARA" in shown.content.decode()
    waiver = Waiver.objects.get()
    assert waiver.by == curator
    desk.post(page(), {"revoke": waiver.pk})
    assert len(desk.get(page()).context["findings"]) == 1
    assert (
        "revoked this waiver already"
        in desk.post(page(), {"revoke": waiver.pk}, follow=True).content.decode()
    )


def test_second_of_two_curators_is_told_by_whom_it_was_waived(desk, tags, django_user_model):
    paper = PaperFactory(tags=[tags["MIRC-X"]])
    other = django_user_model.objects.create_user("antoine")
    Waiver.objects.create(rule=ConsistencyRule.objects.get(number="12"), paper=paper, reason="seen", by=other)
    said = desk.post(page(), {"waive": paper.pk, "reason": "mine"}, headers=HTMX).content.decode()
    assert "waived by antoine already: seen" in said
    assert Waiver.objects.get().reason == "seen"


def test_rule_is_switched_off_and_on_with_a_line_of_history(desk, curator):
    desk.post(page(), {"switch": "off"})
    rule = ConsistencyRule.objects.get(number="12")
    assert not rule.active
    assert rule.history.latest().history_user == curator
    assert "Switch on" in desk.get(page()).content.decode()
    desk.post(page(), {"switch": "on"})
    assert ConsistencyRule.objects.get(number="12").active


def test_words_that_are_no_condition_are_refused_in_the_form(desk):
    rule = ConsistencyRule.objects.get(number="12")
    edit = reverse("admin:harvest_consistencyrule_change", args=[rule.pk])
    values = {"number": "12", "position": 13, "name": "x", "proposes": "parents", "active": "on"}
    answer = desk.post(edit, values | {"condition": "has tag PAVO\nlooks fine"})
    assert "“looks fine” is no condition: allowed are" in answer.content.decode()
    desk.post(edit, values | {"condition": "a tag lacks all its parents\nno tag PAVO"})
    assert ConsistencyRule.objects.get(number="12").condition.splitlines()[1] == "no tag PAVO"


def test_who_may_only_look_changes_nothing(client, django_user_model, tags):
    paper = PaperFactory(tags=[tags["MIRC-X"]])
    guest = django_user_model.objects.create_user("guest", is_staff=True)
    guest.user_permissions.add(Permission.objects.get(codename="view_consistencyrule"))
    client.force_login(guest)
    assert client.get(page()).status_code == 200
    for sent in (
        {"mend": "all", "tag": f"{paper.pk}-{tags['CHARA'].pk}"},
        {"waive": paper.pk, "reason": "why not"},
        {"preview": "all"},
        {"switch": "off"},
        {"revoke": 1},
    ):
        assert client.post(page(), sent).status_code == 403, sent
    assert names(paper) == {"MIRC-X"}


def test_nonsense_is_answered_with_words(desk, tags):
    for sent in (
        {},
        {"mend": "x", "tag": "a-b"},
        {"waive": "1e9", "reason": "x"},
        {"undo": "99999999999999999999"},
    ):
        assert desk.post(page(), sent).status_code == 302, sent
    assert desk.get(page("99")).status_code == 404
    assert desk.get(f"{page()}?page=junk&done=junk").status_code == 200


def test_missing_papers_of_oidb_are_dealt_with_on_the_page_of_the_gap(desk):
    SourceRecord.objects.create(source="oidb", bibcode="2013A&A...550A...1M")
    shown = desk.get(page("3b")).content.decode()
    assert "1 papers." in shown
    assert reverse("admin:gap", args=["oidb"]) in shown


@pytest.mark.parametrize("address", ["consistency", "rule", "rechecks", "recheck"])
def test_number_of_queries_is_the_same_for_1_and_50_rows(desk, tags, address):
    search = SearchRule.objects.get(name="CHARA")
    addresses = {
        "consistency": reverse("admin:consistency"),
        "rule": page(),
        "rechecks": reverse("admin:rechecks"),
        "recheck": reverse("admin:recheck", args=[search.pk]),
    }

    def make():
        paper = PaperFactory(tags=[tags["MIRC-X"]])
        TagReview.objects.create(paper=paper, rule=search, missing=True, query=search.query)

    make()
    counts = []
    for more in (0, 49):
        for _ in range(more):
            make()
        with CaptureQueriesContext(connection) as context:
            assert desk.get(addresses[address]).status_code == 200
        counts.append(len(context))
    assert counts[0] == counts[1]


def recheck_of(paper, missing=True):
    rule = SearchRule.objects.get(name="CHARA")
    return TagReview.objects.create(paper=paper, rule=rule, missing=missing, query=rule.query)


def test_finding_of_the_check_is_tagged_or_dismissed_and_taken_back(desk, curator, tags):
    first, second = recheck_of(PaperFactory()), recheck_of(PaperFactory())
    address = reverse("admin:recheck", args=[first.rule_id])
    assert ">2<" in desk.get(reverse("admin:rechecks")).content.decode()
    answer = desk.post(address, {"add": first.pk}, headers=HTMX)
    desk.post(address, {"dismiss": second.pk}, headers=HTMX)
    assert names(first.paper) == {"CHARA"}
    assert names(second.paper) == set()
    assert set(TagReview.objects.values_list("missing", "by")) == {(False, curator.pk)}
    assert "Nothing waits" in desk.get(reverse("admin:rechecks")).content.decode()
    assert "judged by curator already" in desk.post(address, {"add": second.pk}, follow=True).content.decode()

    desk.post(address, {"undo": answer.context["act"].pk})
    first.refresh_from_db()
    assert first.missing
    assert names(first.paper) == set()


def test_paper_that_got_the_tag_another_way_is_not_listed(desk, tags):
    review = recheck_of(PaperFactory())
    TagAssignment.objects.create(paper=review.paper, tag=tags["CHARA"])
    assert "Nothing waits" in desk.get(reverse("admin:rechecks")).content.decode()


def test_finding_for_a_tag_that_was_retired_is_kept_and_told(desk):
    review = recheck_of(PaperFactory())
    address = reverse("admin:recheck", args=[review.rule_id])
    assert "The vocabulary has no tag “CHARA”" in desk.get(address).content.decode()
    said = desk.post(address, {"add": review.pk}, headers=HTMX).content.decode()
    assert "the vocabulary has no tag “CHARA”" in said
    assert TagReview.objects.get().missing


def test_preview_goes_on_until_papers_with_one_choice_come(desk, tags):
    for _ in range(201):
        PaperFactory(tags=[tags["PAVO"]], bibcode=f"2001A&A...541A{_:0>4}X")
    last = PaperFactory(tags=[tags["MIRC-X"]], bibcode="2020A&A...641A..85C")
    shown = desk.post(page(), {"preview": "1"}).content.decode()
    assert f'value="{last.pk}-{tags["CHARA"].pk}" checked' in shown
    assert "more come after them" not in shown


def test_switching_a_rule_keeps_what_somebody_else_changed_in_it(desk, monkeypatch):
    rule = ConsistencyRule.objects.get(number="12")
    monkeypatch.setattr(
        "harvest.desk.consistency.require",
        lambda *_: ConsistencyRule.objects.filter(pk=rule.pk).update(note="changed meanwhile"),
    )
    desk.post(page(), {"switch": "off"})
    rule.refresh_from_db()
    assert (rule.active, rule.note) == (False, "changed meanwhile")
    assert rule.history.latest().note == "changed meanwhile"


def test_rule_that_is_deleted_meanwhile_is_not_switched(desk, monkeypatch):
    rule = ConsistencyRule.objects.get(number="12")
    monkeypatch.setattr(
        "harvest.desk.consistency.require", lambda *_: ConsistencyRule.objects.filter(pk=rule.pk).delete()
    )
    assert desk.post(page(), {"switch": "off"}).status_code == 404
    assert not Act.objects.exists()


def test_action_of_the_list_needs_the_right_to_give_tags_as_its_page_does(client, tags, django_user_model):
    rule = SearchRule.objects.get(name="CHARA")
    review = TagReview.objects.create(paper=PaperFactory(), rule=rule, missing=True, query=rule.looks_for)
    judge = django_user_model.objects.create_user("judge", is_staff=True)
    judge.user_permissions.set(Permission.objects.filter(codename__in=["view_tagreview", "change_tagreview"]))
    client.force_login(judge)
    client.post(
        reverse("admin:harvest_tagreview_changelist"),
        {"action": "add_tag", "_selected_action": [review.pk]},
    )
    assert not TagAssignment.objects.exists()
