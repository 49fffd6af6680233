"""Histories in the admin, over HTTP: who changed what, and old states that come back or may not."""

import re

import pytest
from django.contrib.messages import get_messages

from harvest.models import BlocklistEntry
from publications import models
from tests.factories import PaperFactory, TagFactory, TargetFactory
from tests.publications.admin_models import address, make, tag_form

pytestmark = pytest.mark.django_db


def test_a_history_shows_who_changed_what(client_curator):
    tag = TagFactory(name="MIRC")
    client_curator.post(address(models.Tag, "change", tag.pk), tag_form(tag, name="MIRC-X"))
    page = client_curator.get(address(models.Tag, "history", tag.pk)).content.decode()

    assert re.search(r"<td>curator</td>", page)
    assert re.search(r"<strong>Name:</strong>\s+MIRC → MIRC-X", page)


def test_an_old_state_of_a_tag_comes_back_with_its_parents(client_curator):
    tag, parent = TagFactory(name="MIRC"), TagFactory(name="CHARA")
    url = address(models.Tag, "change", tag.pk)
    client_curator.post(url, tag_form(tag, parents=[parent.pk]))
    then = tag.history.latest().pk
    client_curator.post(url, tag_form(tag, name="MIRC-X"))
    back = address(models.Tag, "simple_history", tag.pk, then)
    form = client_curator.get(back).context["adminform"].form
    shown = {name: form[name].value() for name in ("category", "name", "position", "parents")}
    answer = client_curator.post(back, shown)
    tag.refresh_from_db()

    assert answer.status_code == 302
    assert (tag.name, [*tag.parents.all()]) == ("MIRC", [parent])
    assert tag.history.latest().history_user.username == "curator"


def test_an_old_state_of_a_paper_comes_back_and_the_abstract_stays(merand, client_curator):
    merand.abstract = "kept"
    merand.save()
    then = merand.history.latest().pk
    merand.title = "A wrong title"
    merand.save()
    client_curator.post(address(models.Paper, "simple_history", merand.pk, then))
    merand.refresh_from_db()

    assert (merand.title, merand.abstract) == ("Étude of δ Cephei", "kept")
    assert merand.sort_author == "merand antoine"


def test_a_deleted_blocklist_entry_comes_back(client_curator):
    entry = make(BlocklistEntry)
    client_curator.post(address(BlocklistEntry, "delete", entry.pk), {"post": "yes"})
    then = BlocklistEntry.history.earliest().pk
    client_curator.post(
        address(BlocklistEntry, "simple_history", entry.pk, then),
        {"bibcode": entry.bibcode, "reason": entry.reason},
    )

    assert BlocklistEntry.objects.get().bibcode == entry.bibcode


def test_a_deleted_paper_does_not_come_back_through_its_history(merand, client_superuser):
    pk = merand.pk
    merand.delete()
    back = address(models.Paper, "simple_history", pk, models.Paper.history.earliest().pk)

    assert b"Revert" not in client_superuser.get(back).content.replace(b"Revert ", b"")
    assert client_superuser.post(back).status_code == 403
    assert not models.Paper.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_state_whose_name_is_taken_is_refused_in_words(client_superuser):
    paper = PaperFactory(bibcode="2015arXiv151001940M")
    then = paper.history.latest().pk
    paper.bibcode = "2015A&A...584A..80M"
    paper.save()
    other = PaperFactory(bibcode="2014ApJ...700....1X")
    models.Paper.objects.filter(pk=other.pk).update(bibcode="2015arXiv151001940M")
    answer = client_superuser.post(address(models.Paper, "simple_history", paper.pk, then))
    paper.refresh_from_db()

    assert "cannot come back" in str(next(iter(get_messages(answer.wsgi_request))))
    assert paper.bibcode == "2015A&A...584A..80M"


@pytest.mark.parametrize("path", ["x/history/", "1/history/x/", "x/history/1/", f"{10**20}/history/"])
def test_a_history_that_is_none_is_not_found(path, client_curator):
    assert client_curator.get("/admin/publications/paper/" + path).status_code == 404


def test_the_history_of_a_deleted_link_of_a_deleted_target_is_not_found(merand, client_superuser):
    link = models.TargetLink.objects.create(paper=merand, target=TargetFactory(), kind="listed")
    link_pk, then = link.pk, link.history.latest().pk
    link.target.delete()

    for url in (
        address(models.TargetLink, "history", link_pk),
        address(models.TargetLink, "simple_history", link_pk, then),
    ):
        assert client_superuser.get(url).status_code == 404
        assert client_superuser.post(url).status_code == 404
    assert not models.TargetLink.objects.exists()


def test_a_history_names_what_is_gone_and_asks_as_many_queries_for_50_states_as_for_two(
    merand, client_curator, django_assert_max_num_queries
):
    gone, kept = TagFactory(name="Gone"), TagFactory(name="Kept")
    assignment = models.TagAssignment.objects.create(paper=merand, tag=gone)
    assignment.tag = kept
    assignment.save()
    gone.delete()
    url = address(models.TagAssignment, "history", assignment.pk)
    client_curator.get(url)
    with django_assert_max_num_queries(30) as asked:
        page = client_curator.get(url).content.decode()
    for _ in range(48):
        assignment.save()
    with django_assert_max_num_queries(len(asked)):
        client_curator.get(url)

    assert "Deleted tag" in page
    assert "Kept" in page
