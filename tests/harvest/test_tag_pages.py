"""The desk's pages of the vocabulary: looked at first, then done; who may open which."""

from html import unescape

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from harvest.desk.tags import DescribeForm
from harvest.vocabulary import yaml_file
from publications.models import Act, Category, Tag, TagAssignment
from publications.undo import undo
from tests.factories import CategoryFactory, HiddenTagFactory, PaperFactory, TagFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tags():
    """VEGA on two papers, SPICA on one of them, below CHARA."""
    instrument, facility = CategoryFactory(name="Instrument"), CategoryFactory(name="Facility")
    tags = {name: TagFactory(name=name, category=instrument) for name in ("VEGA", "SPICA")}
    tags["CHARA"] = TagFactory(name="CHARA", category=facility)
    tags["VEGA"].parents.add(tags["CHARA"])
    PaperFactory(bibcode="2012A&A...540A...1D", tags=[tags["VEGA"]])
    PaperFactory(bibcode="2015A&A...540A...2D", tags=[tags["VEGA"], tags["SPICA"]])
    return tags


def text_of(response):
    return unescape(response.content.decode())


def changing(tag, kind):
    return reverse("admin:tag-change", args=[tag.pk, kind])


def pairs():
    return sorted(TagAssignment.objects.values_list("tag__name", "paper__year"))


ANSWERS = {
    "rename": lambda tags: {"name": "Visible"},
    "merge": lambda tags: {"into": tags["SPICA"].pk},
    "split": lambda tags: {"name-1": "Early", "search-1": "/papers/?year=2012", "name-2": "", "search-2": ""},
    "move": lambda tags: {"category": tags["CHARA"].category_id},
    "retire": lambda tags: {"leads_to": tags["CHARA"].pk},
}
SAID = {
    "rename": "2 papers will have the tag under its new name",
    "merge": "1 paper with “VEGA” will have “SPICA” instead",
    "split": "1 paper will have “Early”, a new tag in Instrument",
    "move": "2 papers will have the tag as before",
    "retire": "/tags/vega/ redirects to /tags/chara/",
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_change_is_shown_first_then_done_and_can_be_undone(desk, curator, tags, kind):
    before, names = pairs(), sorted(Tag.objects.values_list("name", "category__name"))
    address, answers = changing(tags["VEGA"], kind), ANSWERS[kind](tags)
    assert desk.get(address).status_code == 200
    preview = desk.post(address, answers)
    assert SAID[kind] in text_of(preview)
    assert (pairs(), Act.objects.count()) == (before, 0)
    done = desk.post(address, answers | {"seen": preview.context["effects"].mark}, follow=True)
    assert done.status_code == 200
    assert (pairs(), sorted(Tag.objects.values_list("name", "category__name"))) != (before, names)
    desk.post(done.redirect_chain[0][0], {"undo": done.context["done"].pk})
    assert (pairs(), sorted(Tag.objects.values_list("name", "category__name"))) == (before, names)


def test_second_curator_looks_again_when_the_first_changed_something(desk, curator, tags):
    address, answers = changing(tags["VEGA"], "merge"), {"into": tags["SPICA"].pk}
    seen = desk.post(address, answers).context["effects"].mark
    PaperFactory(tags=[tags["VEGA"]])
    again = desk.post(address, answers | {"seen": seen})
    assert again.status_code == 409
    assert "look at it again" in text_of(again)
    assert "2 papers with “VEGA” will have “SPICA” instead" in text_of(again)
    assert Tag.objects.filter(name="VEGA").exists()


def test_what_cannot_be_is_said_in_the_form(desk, tags):
    refused = desk.post(changing(tags["VEGA"], "rename"), {"name": "chara"})
    assert refused.status_code == 400
    assert "there is a tag “CHARA” already, in Facility" in text_of(refused)
    refused = desk.post(changing(tags["VEGA"], "split"), {"name-1": "Early", "search-1": "year=20l2"})
    assert "search of “Early”: year: “20l2” is not a year" in text_of(refused)
    refused = desk.post(changing(tags["VEGA"], "split"), {"search-1": "year=2012"})
    assert "name-1: say which tag the papers of this search get" in text_of(refused)
    assert desk.post(changing(tags["VEGA"], "merge"), {"into": "99999999999999999999"}).status_code == 400
    assert desk.get(changing(tags["VEGA"], "burn")).status_code == 404


def test_description_and_parents_are_edited_as_an_act(desk, tags):
    address = reverse("admin:tag", args=[tags["SPICA"].pk])
    sent = {
        "description": "six telescopes",
        "parents": [tags["CHARA"].pk],
        "position": tags["SPICA"].position,
    }
    page = desk.post(address, sent, follow=True)
    spica = Tag.objects.get(name="SPICA")
    assert (spica.description, list(spica.parents.all())) == ("six telescopes", [tags["CHARA"]])
    desk.post(address, {"undo": page.context["done"].pk})
    assert not Tag.objects.get(name="SPICA").parents.exists()
    above = desk.post(reverse("admin:tag", args=[tags["CHARA"].pk]), sent | {"parents": [tags["VEGA"].pk]})
    assert above.status_code == 400
    assert "would be above itself" in text_of(above)


def test_category_is_hidden_and_shown_with_a_preview(desk, client, tags):
    address = reverse("admin:category", args=[tags["VEGA"].category_id])
    preview = desk.post(address, {"public": "no"})
    said = text_of(preview)
    assert "visitors do not see 2 tags on 2 papers any more" in said
    assert "lose the column Instrument" in said
    assert Category.objects.get(name="Instrument").public
    done = desk.post(address, {"public": "no", "seen": preview.context["effects"].mark}, follow=True)
    assert not Category.objects.get(name="Instrument").public
    desk.logout()
    assert desk.get("/tags/vega/").status_code == 404
    undo(done.context["done"], User.objects.get(username="curator"))
    assert desk.get("/tags/vega/").status_code == 200


def test_words_of_a_category_are_edited(desk, tags):
    address = reverse("admin:category", args=[tags["VEGA"].category_id])
    desk.post(address, {"label": "Beam combiner", "description": "", "position": 3})
    assert str(Category.objects.get(name="Instrument")) == "Beam combiner"


# --- The vocabulary as a file --------------------------------------------------------------------

IMPORT = reverse("admin:vocabulary-import")
EDITED = """
categories:
- name: Facility
  public: true
  tags:
  - {name: CHARA Array, slug: chara, description: on Mount Wilson}
- name: Instrument
  tags:
  - {name: SPICA, parents: [CHARA Array]}
  - {name: VEGA, parents: []}
  - {name: MYSTIC, parents: [CHARA Array]}
- {name: Decade, public: false, tags: [{name: "1990s"}]}
"""


def vocabulary():
    return sorted(
        Tag.objects.values_list("name", "slug", "category__name", "description", "position", "parents__name")
    ), sorted(Category.objects.values_list("name", "label", "description", "public", "position"))


def test_export_imported_again_changes_nothing(desk, tags):
    HiddenTagFactory(name="Aspro")
    text = desk.get(reverse("admin:vocabulary-yaml")).content.decode()
    assert "name: VEGA\n    slug: vega" in text
    refused = desk.post(IMPORT, {"text": text})
    assert "nothing is to be done" in text_of(refused)


def test_export_makes_the_same_vocabulary_in_an_empty_database(tags, tmp_path):
    HiddenTagFactory(name="Aspro", description="prepares “observations”: été")
    TagFactory(name="Yes", category=tags["VEGA"].category)
    call_command("export_vocabulary", tmp_path / "vocabulary.yaml")
    text = yaml_file.written()
    TagAssignment.objects.all().delete()
    Tag.objects.all().delete()
    Category.objects.all().delete()
    call_command("import_vocabulary", tmp_path / "vocabulary.yaml", verbosity=0)
    assert yaml_file.written() == text


def test_curator_makes_no_category_by_a_file(desk, tags):
    refused = desk.post(IMPORT, {"text": EDITED})
    assert refused.status_code == 400
    assert "categories[2]: there is no category “Decade”, and only an administrator makes one" in text_of(
        refused
    )
    assert "effects" not in refused.context


def test_file_is_shown_first_then_applied_as_one_act(admin_client, curator, tags):
    before, desk = vocabulary(), admin_client
    preview = desk.post(IMPORT, {"file": SimpleUploadedFile("v.yaml", EDITED.encode())})
    assert preview.context["effects"].notes == [
        "CHARA is renamed to CHARA Array",
        "CHARA Array has another description",
        "new tag MYSTIC in Instrument",
        "new category Decade",
        "new tag 1990s in Decade",
        "SPICA has the parents: CHARA Array",
        "VEGA has the parents: none",
        "MYSTIC has the parents: CHARA Array",
        "tags of Instrument stand in the order of the file",
    ]
    assert vocabulary() == before
    sent = {"text": preview.context["carried"][0][1], "seen": preview.context["effects"].mark}
    desk.post(IMPORT, sent)
    chara = Tag.objects.get(slug="chara")
    assert (chara.name, chara.description) == ("CHARA Array", "on Mount Wilson")
    assert sorted(chara.children.values_list("name", flat=True)) == ["MYSTIC", "SPICA"]
    assert list(Tag.objects.filter(category__name="Instrument").values_list("name", flat=True)) == [
        "SPICA", "VEGA", "MYSTIC",
    ]  # fmt: skip
    assert pairs() == [("SPICA", 2015), ("VEGA", 2012), ("VEGA", 2015)]
    undo(Act.objects.get(), curator)
    assert vocabulary() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("categories: [", "it is no YAML"),
        ("- a", "a mapping with the list “categories” is expected"),
        ("categories: [{name: X, tags: [{name: No}]}]", "categories[0].tags[0].name: 'False' is no text"),
        ("categories: [{name: X, tags: [no]}]", "categories[0].tags[0]: a mapping with a name"),
        ("categories: [{name: X, colour: red}]", "categories[0]: there is no key “colour”; known are name"),
        ("categories: [{name: X, public: 7}]", "categories[0].public: true or false is expected"),
        ("categories: [{name: X, tags: [{name: A}, {name: a}]}]", "the tag name 'a' is at categories[0]"),
        ("categories: [{name: X, tags: [{name: A, parents: [Q]}]}]", "no tag “Q” in the file or here"),
        ("categories: [{name: X, tags: [{name: 'a; b'}]}]", "categories[0].tags[0].name: "),
        ("categories: [{name: X, tags: [{name: A, slug: 'a b'}]}]", "categories[0].tags[0].slug: "),
        ("a: &a [x]\ncategories: [*a]", "an alias (*name) is not read"),
        *[(f"categories: {value}", "a type (!!name) is not read")
          for value in ("!!bool x", "!!timestamp abc", "!!int ''")],
        ("[" * 900_000, "it is nested too deeply"),
        ("- " * 30, "it is nested too deeply"),
        ("a: 2026-02-31", "a date or a number that cannot be: day is out of range for month"),
        ("categories: [{name: X, tags: [{name: A, parents: [A]}]}]", "“A” would be above itself"),
        ("x" * 1_000_001, "at most"),
        ("", "choose a YAML file, or paste its text"),
    ],
)  # fmt: skip
def test_broken_file_is_refused_with_its_place(admin_client, text, said):
    desk = admin_client
    answer = desk.post(IMPORT, {"text": text})
    if answer.status_code == 200:  # what only the whole vocabulary shows
        answer = desk.post(IMPORT, {"text": text, "seen": answer.context["effects"].mark})
    assert answer.status_code in (400, 409)
    assert said in text_of(answer)
    assert not Tag.objects.exists()


def test_command_says_what_it_does_and_who_did_it(curator, tags, tmp_path, capsys):
    file = tmp_path / "v.yaml"
    file.write_text(EDITED, encoding="utf-8")
    call_command("import_vocabulary", file, "--dry-run")
    assert "CHARA is renamed to CHARA Array" in capsys.readouterr().out
    assert Tag.objects.filter(name="CHARA").exists()
    with pytest.raises(CommandError, match="only an administrator makes one"):
        call_command("import_vocabulary", file, "--by", "curator")
    curator.is_superuser = True
    curator.save()
    call_command("import_vocabulary", file, "--by", "curator")
    assert Act.objects.get().by == curator
    capsys.readouterr()
    call_command("import_vocabulary", file, "--by", "curator")
    assert "nothing is to be done" in capsys.readouterr().out
    with pytest.raises(CommandError, match="there is no user 'nobody'"):
        call_command("import_vocabulary", file, "--by", "nobody", "--dry-run")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_vocabulary", tmp_path / "missing.yaml")


# --- Who may what --------------------------------------------------------------------------------


def addresses(tags):
    """Address → the answers to GET and POST of a curator; administrators get the same."""
    category = tags["VEGA"].category_id
    return {
        reverse("admin:tags"): (200, 405),
        reverse("admin:tag", args=[tags["VEGA"].pk]): (200, 400),
        **{changing(tags["VEGA"], kind): (200, 400) for kind in ANSWERS if kind not in ("split", "retire")},
        changing(tags["VEGA"], "split"): (200, 400),
        changing(tags["VEGA"], "retire"): (200, 200),
        reverse("admin:category", args=[category]): (200, 200),
        reverse("admin:grid", args=[category]): (200, 302),
        reverse("admin:grid-ads", args=[category]): (405, 302),
        reverse("admin:vocabulary-yaml"): (200, 405),
        IMPORT: (200, 400),
    }


@pytest.mark.parametrize("role", ["stranger", "visitor with an account", "staff", "curator", "administrator"])
def test_each_role_gets_exactly_its_pages(client, tags, role):
    if role != "stranger":
        user = User.objects.create_user("somebody", is_staff=role != "visitor with an account")
        user.is_superuser = role == "administrator"
        user.save()
        if role == "curator":
            user.groups.add(Group.objects.get(name="curator"))
        client.force_login(user)
    outsider = {"stranger": (302, 401), "visitor with an account": (302, 401), "staff": (403, 403)}
    for address, expected in addresses(tags).items():
        got = client.get(address).status_code, client.post(address, {}).status_code
        assert got == outsider.get(role, expected), address
    assert Act.objects.count() == 0


@pytest.mark.parametrize(
    ("right", "opens"),
    [("view_tag", {"admin:tags"}), ("change_tag", set()), ("view_tagassignment", {"admin:grid"})],
)
def test_one_right_opens_its_pages_only_and_writes_nothing(client, tags, right, opens):
    from django.contrib.auth.models import Permission

    user = User.objects.create_user("guest", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename=right))
    client.force_login(user)
    pages = {
        "admin:tags": [],
        "admin:grid": [tags["VEGA"].category_id],
        "admin:category": [tags["VEGA"].category_id],
    }
    got = {
        name
        for name, arguments in pages.items()
        if client.get(reverse(name, args=arguments)).status_code == 200
    }
    assert got == opens
    paper = PaperFactory()
    client.post(
        reverse("admin:grid", args=pages["admin:grid"]), {"cell": f"{paper.pk}-{tags['VEGA'].pk}", "on": "1"}
    )
    assert client.post(changing(tags["VEGA"], "merge"), {"into": tags["SPICA"].pk}).status_code == 403
    assert not paper.tags.exists()
    assert Act.objects.count() == 0


def test_words_of_a_tag_are_saved_beside_what_somebody_else_changed_in_it(desk, tags, monkeypatch):
    vega = tags["VEGA"]
    valid = DescribeForm.is_valid

    def then_renamed(form):
        Tag.objects.filter(pk=vega.pk).update(name="VEGA anew", name_folded="vega anew")
        return valid(form)

    monkeypatch.setattr(DescribeForm, "is_valid", then_renamed)
    form = {"description": "of the visible", "position": 0, "parents": [tags["SPICA"].pk]}
    desk.post(reverse("admin:tag", args=[vega.pk]), form)
    vega.refresh_from_db()
    assert (vega.name, vega.description, vega.parents.get()) == ("VEGA anew", "of the visible", tags["SPICA"])
    assert vega.history.latest().name == "VEGA anew"


def test_words_of_a_tag_that_is_deleted_meanwhile_are_answered_as_those_of_none(desk, tags, monkeypatch):
    alone = TagFactory(name="alone", category=tags["SPICA"].category)
    valid = DescribeForm.is_valid
    monkeypatch.setattr(
        DescribeForm, "is_valid", lambda form: Tag.objects.filter(pk=alone.pk).delete() and valid(form)
    )
    answer = desk.post(reverse("admin:tag", args=[alone.pk]), {"description": "new", "position": 0})
    assert answer.status_code == 404
    assert not Act.objects.exists()


def test_who_may_not_change_tags_any_more_undoes_no_change_of_them(desk, tags, curator):
    address, name = changing(tags["VEGA"], "rename"), {"name": "Visible"}
    desk.post(address, name | {"seen": desk.post(address, name).context["effects"].mark})
    tags["VEGA"].refresh_from_db()
    assert tags["VEGA"].name == "Visible"
    curator.groups.clear()
    curator.user_permissions.set(Permission.objects.filter(codename__in=["view_tag", "change_act"]))

    answer = desk.post(
        reverse("admin:tag", args=[tags["VEGA"].pk]), {"undo": Act.objects.get().pk}, follow=True
    )

    assert "what you may not change any more" in text_of(answer)
    tags["VEGA"].refresh_from_db()
    assert tags["VEGA"].name == "Visible"
