"""The admin's page of a paper, over HTTP: its tags and targets are given and taken, nothing else is."""

import pytest
from django.contrib.auth.models import User

from publications import models
from tests.factories import TagFactory, TargetFactory
from tests.publications.admin_models import address, make

pytestmark = pytest.mark.django_db


def inlines(**rows):
    """The fields of the two inlines of a paper, without existing rows."""
    data = {}
    for prefix in ("assignments", "target_links"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data | {name.replace("__", "-"): value for name, value in rows.items()}


def test_a_paper_page_shows_its_metadata_and_lets_nobody_edit_it(merand, client_curator):
    merand.keywords.add(make(models.Keyword))
    answer = client_curator.get(address(models.Paper, "change", merand.pk))
    page = answer.content.decode()

    for text in ("Mérand, Antoine; Kervella, P.", "stars 1", "2015A&amp;A...584A..80M", "Étude of δ Cephei"):
        assert text in page
    assert not answer.context["adminform"].form.fields


def test_a_given_tag_carries_the_curator_and_a_given_target_is_curated(merand, client_curator):
    tag, target = TagFactory(), TargetFactory()
    other = User.objects.create(username="other")
    answer = client_curator.post(
        address(models.Paper, "change", merand.pk),
        inlines(
            assignments__TOTAL_FORMS="1", assignments__0__tag=tag.pk, assignments__0__given_by=other.pk,
            target_links__TOTAL_FORMS="1", target_links__0__target=target.pk,
            target_links__0__kind="measured",
        ),
    )  # fmt: skip

    assert answer.status_code == 302
    assignment, link = merand.assignments.get(), merand.target_links.get()
    assert (assignment.tag, assignment.given_by.username) == (tag, "curator")
    assert assignment.history.get().history_user.username == "curator"
    assert (link.target, link.kind) == (target, "curated")


def test_a_tag_is_taken_off_a_paper_and_the_history_says_by_whom(merand, client_curator):
    assignment = models.TagAssignment.objects.create(paper=merand, tag=TagFactory())
    answer = client_curator.post(
        address(models.Paper, "change", merand.pk),
        inlines(
            assignments__TOTAL_FORMS="1", assignments__INITIAL_FORMS="1",
            assignments__0__id=assignment.pk, assignments__0__paper=merand.pk, assignments__0__DELETE="on",
        ),
    )  # fmt: skip

    assert answer.status_code == 302
    assert not merand.assignments.exists()
    last = models.TagAssignment.history.latest()
    assert (last.history_type, last.history_user.username) == ("-", "curator")


def test_a_tag_or_target_that_the_paper_got_meanwhile_is_refused_in_words(merand, client_curator):
    tag, target = TagFactory(name="MIRC"), TargetFactory(name="HD 1")
    models.TagAssignment.objects.create(paper=merand, tag=tag)
    models.TargetLink.objects.create(paper=merand, target=target, kind="listed")
    alone = client_curator.post(address(models.TagAssignment, "add"), {"paper": merand.pk, "tag": tag.pk})
    on_page = client_curator.post(
        address(models.Paper, "change", merand.pk),
        inlines(
            assignments__TOTAL_FORMS=1, assignments__0__tag=tag.pk,
            target_links__TOTAL_FORMS=1, target_links__0__target=target.pk,
        ),
    ).content.decode()  # fmt: skip

    assert "already exists" in alone.content.decode()
    assert "the paper has the tag “MIRC” already" in on_page
    assert "the paper has the target “HD 1” already" in on_page
    assert (merand.assignments.count(), merand.target_links.count()) == (1, 1)


def test_a_tag_given_twice_at_once_is_refused_in_words(merand, client_curator):
    tag = TagFactory(name="MIRC")
    page = client_curator.post(
        address(models.Paper, "change", merand.pk),
        inlines(assignments__TOTAL_FORMS=2, assignments__0__tag=tag.pk, assignments__1__tag=tag.pk),
    ).content.decode()

    assert "duplicate data for tag" in page
    assert not merand.assignments.exists()


def test_a_tag_that_is_gone_is_refused_in_words(merand, client_curator):
    answer = client_curator.post(
        address(models.Paper, "change", merand.pk),
        inlines(assignments__TOTAL_FORMS=1, assignments__0__tag=999999),
    )

    assert "Select a valid choice" in answer.content.decode()


def test_an_assignment_made_alone_carries_the_curator(merand, client_curator):
    client_curator.post(address(models.TagAssignment, "add"), {"paper": merand.pk, "tag": TagFactory().pk})

    assert merand.assignments.get().given_by.username == "curator"


def test_a_link_made_alone_is_curated_and_a_found_one_can_be_confirmed(merand, client_curator):
    found = models.TargetLink.objects.create(paper=merand, target=TargetFactory(), kind="listed", mentions=3)
    client_curator.post(address(models.TargetLink, "add"), {"paper": merand.pk, "target": TargetFactory().pk})
    client_curator.post(
        address(models.TargetLink, "changelist"), {"action": "confirm", "_selected_action": [found.pk]}
    )
    found.refresh_from_db()

    assert set(merand.target_links.values_list("kind", flat=True)) == {"curated"}
    assert (found.mentions, found.history.latest().history_user.username) == (3, "curator")
