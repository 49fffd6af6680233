"""What one act changed comes back as a whole, or not at all."""

import pytest

from publications.models import Act, Tag, TagAssignment, TagSlug
from publications.models.history import act, create_with_history, delete_with_history, update_with_history
from publications.undo import CannotUndo, undo
from tests.factories import PaperFactory, TagFactory

pytestmark = pytest.mark.django_db


def picture():
    """Every tag, parent, old address and assignment, by hand from the tables."""
    return (
        sorted(Tag.objects.values_list("pk", "name", "slug", "position", "parents")),
        sorted(TagSlug.objects.values_list("slug", "tag")),
        sorted(TagAssignment.objects.values_list("pk", "paper", "tag", "given_by", "given_at")),
    )


@pytest.fixture
def vocabulary(curator):
    """Two tags on four papers, one of them on both; the second has a parent."""
    parent, first, second = TagFactory(name="VLTI"), TagFactory(name="AMBER"), TagFactory(name="Amber-2")
    second.parents.add(parent)
    papers = [PaperFactory() for _ in range(4)]
    for paper in papers[:3]:
        TagAssignment.objects.create(paper=paper, tag=first)
    for paper in papers[2:]:
        TagAssignment.objects.create(paper=paper, tag=second, given_by=curator)
    return first, second


def merge(first, second, by):
    with act("merged", by) as made:
        carried = set(first.assignments.values_list("paper", flat=True))
        missing = [
            TagAssignment(paper=g.paper, tag=first) for g in second.assignments.exclude(paper__in=carried)
        ]
        create_with_history(TagAssignment, missing)
        delete_with_history(list(second.assignments.all()))
        create_with_history(TagSlug, [TagSlug(slug="old", tag=first)])
        first.name, second.position = "Amber", 3
        update_with_history(Tag, [first], ["name"])
        second.delete()
    return made


def test_every_change_of_an_act_is_by_its_person_for_its_reason(vocabulary, curator):
    made = merge(*vocabulary, curator)
    states = [
        *TagAssignment.history.filter(act=made),
        *Tag.history.filter(act=made),
        *TagSlug.history.filter(act=made),
    ]
    assert len(states) == 1 + 2 + 1 + 2
    assert {(state.history_user, state.history_change_reason) for state in states} == {(curator, "merged")}


def test_what_is_changed_outside_of_an_act_belongs_to_none(vocabulary):
    assert {state.act for state in TagAssignment.history.all()} == {None}


def test_undone_act_leaves_everything_as_it_was(vocabulary, curator):
    before = picture()
    made = merge(*vocabulary, curator)
    assert picture() != before
    undo(made, curator)
    assert picture() == before


def test_undo_can_be_undone_and_that_too(vocabulary, curator):
    before = picture()
    made = merge(*vocabulary, curator)
    after = picture()
    undoing = undo(made, curator)
    again = undo(undoing, curator)
    assert picture() == after
    undo(again, curator)
    assert picture() == before


def test_act_is_undone_once(vocabulary, curator):
    made = merge(*vocabulary, curator)
    undo(made, curator)
    with pytest.raises(CannotUndo, match="was undone by curator already"):
        undo(made, curator)
    assert Act.objects.standing().count() == 1


def test_row_that_was_changed_since_stops_the_whole_undo(vocabulary, curator):
    made = merge(*vocabulary, curator)
    first, _ = vocabulary
    first.description = "a beam combiner"
    first.save()
    after = picture()
    with pytest.raises(CannotUndo, match="tag “Amber” was changed since"):
        undo(made, curator)
    assert picture() == after


def test_change_that_was_taken_back_does_not_stop_an_undo(vocabulary, curator):
    before = picture()
    made = merge(*vocabulary, curator)
    first, _ = vocabulary
    with act("described", curator) as later:
        first.description = "a beam combiner"
        first.save()
    undo(later, curator)
    undo(made, curator)
    assert picture() == before


def test_name_that_is_taken_by_now_is_said(vocabulary, curator):
    made = merge(*vocabulary, curator)
    TagFactory(name="Amber-2")
    after = picture()
    with pytest.raises(CannotUndo, match="a name that it freed is taken"):
        undo(made, curator)
    assert picture() == after


def test_tag_that_somebody_used_since_is_not_unmade(curator):
    with act("a new tag", curator) as made:
        tag = TagFactory(name="SPICA")
    TagAssignment.objects.create(paper=PaperFactory(), tag=tag)
    with pytest.raises(CannotUndo, match="take that away first"):
        undo(made, curator)
    assert Tag.objects.filter(name="SPICA").exists()


def test_parents_of_then_come_back(vocabulary, curator):
    _, second = vocabulary
    before = picture()
    with act("moved", curator) as made:
        second.parents.set([TagFactory(name="CHARA")])
        second.save()
    undo(made, curator)
    assert sorted(second.parents.values_list("name", flat=True)) == ["VLTI"]
    assert picture()[1:] == before[1:]


def test_act_inside_an_act_is_a_part_of_it(curator):
    with act("outer", curator), act("inner"):
        TagFactory(name="SPICA")
    assert [one.name for one in Act.objects.all()] == ["outer"]


def test_failed_act_leaves_nothing_not_even_itself(curator):
    def break_off():
        with act("broken", curator):
            TagFactory(name="SPICA")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert not Act.objects.exists()
    assert not Tag.objects.exists()


def test_change_of_a_row_without_an_earlier_state_is_not_taken_for_its_making(curator):
    tag = TagFactory(name="SPICA")
    Tag.history.all().delete()
    with act("described", curator) as made:
        tag.description = "a beam combiner"
        tag.save()
    with pytest.raises(CannotUndo, match="was before is in no history"):
        undo(made, curator)
    assert Tag.objects.get().description == "a beam combiner"


def test_assignments_that_went_to_a_new_tag_come_back_from_it(vocabulary, curator):
    first, _ = vocabulary
    before = picture()
    with act("split", curator) as made:
        new = TagFactory(name="SPICA")
        given = list(first.assignments.all()[:2])
        for assignment in given:
            assignment.tag = new
        update_with_history(TagAssignment, given, ["tag"])
    undo(made, curator)
    assert picture() == before
