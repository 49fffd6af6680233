"""The admin's forms of tags, targets and blocked bibcodes, over HTTP: what they keep, what they refuse."""

from datetime import date

import pytest

from harvest.models import BlocklistEntry
from publications import models
from tests.factories import PaperFactory, TagFactory, TargetFactory
from tests.publications.admin_models import address, client_of, tag_form

pytestmark = pytest.mark.django_db


# --- Vocabulary -----------------------------------------------------------------------------------


def test_a_renamed_tag_keeps_its_slug(client_curator):
    tag = TagFactory(name="MIRC")
    client_curator.post(address(models.Tag, "change", tag.pk), tag_form(tag, name="MIRC-X", slug="new"))
    tag.refresh_from_db()

    assert (tag.name, tag.slug) == ("MIRC-X", "mirc")


def test_a_tag_is_never_above_itself(client_curator):
    top, middle, low = TagFactory(name="top"), TagFactory(name="middle"), TagFactory(name="low")
    middle.parents.add(top)
    low.parents.add(middle)
    answer = client_curator.post(address(models.Tag, "change", top.pk), tag_form(top, parents=[low.pk]))

    assert "“top” would be above itself" in answer.content.decode()
    assert not top.parents.exists()


def test_a_tag_that_papers_carry_cannot_be_deleted_and_the_page_says_why(client_superuser):
    tag = TagFactory(name="PIONIER")
    PaperFactory(tags=[tag])
    PaperFactory(tags=[tag])
    one = client_superuser.post(address(models.Tag, "delete", tag.pk), {"post": "yes"})
    many = client_superuser.post(
        address(models.Tag, "changelist"),
        {"action": "delete_selected", "_selected_action": [tag.pk], "post": "yes"},
    )

    for answer in (one, many):
        assert "“PIONIER” is on 2 papers: take it off them first" in answer.content.decode()
    assert models.Tag.objects.filter(pk=tag.pk).exists()


# --- Targets --------------------------------------------------------------------------------------


def target_form(name, *aliases):
    data = {"name": name, "aliases-TOTAL_FORMS": len(aliases), "aliases-INITIAL_FORMS": 0}
    return data | {f"aliases-{n}-name": alias for n, alias in enumerate(aliases)}


def test_a_target_is_added_with_its_aliases(client_curator):
    client_curator.post(address(models.Target, "add"), target_form("Betelgeuse", "* alf Ori", "HD 39801"))

    assert sorted(models.TargetAlias.objects.values_list("key", flat=True)) == [
        "alphaori", "betelgeuse", "hd39801",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "aliases", "message"),
    [
        ("HD39801", [], "“HD39801” is a name of the target HD 39801 already"),
        ("New", ["hd 39801"], "“hd 39801” is a name of the target HD 39801 already"),
        ("New", ["NEW"], "“NEW” is a name of this target already"),
        ("New", ["HR 1", "HR1"], "“HR1” is a name of this target already"),
        ("***", [], "“***” has no letter or digit to find it by"),
    ],
)
def test_a_name_belongs_to_one_target(name, aliases, message, client_curator):
    TargetFactory(name="HD 39801")
    answer = client_curator.post(address(models.Target, "add"), target_form(name, *aliases))

    assert message in answer.content.decode()
    assert models.Target.objects.count() == 1


def test_an_alias_stays_unique_when_it_is_spelled_anew(client_curator):
    target = TargetFactory(name="HD 39801")
    alias = models.TargetAlias.objects.create(target=target, name="HR 2061")
    url = address(models.TargetAlias, "change", alias.pk)
    refused = client_curator.post(url, {"target": target.pk, "name": "HD39801"})
    client_curator.post(url, {"target": target.pk, "name": "HR2061"})
    alias.refresh_from_db()

    assert "“HD39801” is a name of the target HD 39801 already" in refused.content.decode()
    assert alias.name == "HR2061"


def test_the_own_name_of_a_target_stays_among_its_aliases(client_curator):
    target = TargetFactory(name="HD 39801")
    alias = target.aliases.get()
    form = target_form("HD 39801", "HD 39801") | {
        "aliases-INITIAL_FORMS": 1, "aliases-0-id": alias.pk, "aliases-0-target": target.pk,
        "aliases-0-DELETE": "on",
    }  # fmt: skip
    answer = client_curator.post(address(models.Target, "change", target.pk), form)

    assert "“HD 39801” is the target&#x27;s own name" in answer.content.decode()
    assert target.aliases.exists()


@pytest.mark.parametrize(("ra", "dec"), [("360", "0"), ("10", "90.5"), ("10", "")])
def test_a_position_off_the_sky_or_half_known_is_refused(ra, dec, client_curator):
    answer = client_curator.post(address(models.Target, "add"), target_form("X 1") | {"ra": ra, "dec": dec})

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not models.Target.objects.exists()


# --- Blocklist ------------------------------------------------------------------------------------


def test_a_blocked_bibcode_carries_who_blocked_it_first(client_curator):
    form = {"bibcode": "2015A&A...584A..80M", "reason": "only-cites"}
    client_curator.post(address(BlocklistEntry, "add"), form)
    entry = BlocklistEntry.objects.get()
    client_of("superuser").post(address(BlocklistEntry, "change", entry.pk), form | {"note": "x"})
    entry.refresh_from_db()

    assert (entry.note, entry.blocked_by.username, entry.blocked_at.date()) == ("x", "curator", date.today())


def test_a_malformed_bibcode_is_refused_in_words(client_curator):
    answer = client_curator.post(
        address(BlocklistEntry, "add"), {"bibcode": "nonsense", "reason": "duplicate"}
    )

    assert answer.context["adminform"].form.errors["bibcode"]
    assert not BlocklistEntry.objects.exists()
