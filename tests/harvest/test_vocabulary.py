"""Tags renamed, merged, split, moved, retired: nothing is lost, old addresses lead on, undo restores."""

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from harvest import curation, library_sync
from harvest.consistency import Check
from harvest.desk.offers import UnknownTags, tags_sent, vocabulary_to_give
from harvest.library_sync import Options
from harvest.models import Candidate, ConsistencyRule, SearchRule, SoftwareGroup, SyncPlan
from harvest.models.rule import tags_of
from harvest.vocabulary import yaml_file
from harvest.vocabulary.changes import CannotChange, NotAsSeen, carry_out
from harvest.vocabulary.importing import Import
from harvest.vocabulary.merging import Merge
from harvest.vocabulary.moving import Move
from harvest.vocabulary.renaming import Rename
from harvest.vocabulary.retiring import Retire
from harvest.vocabulary.showing import Show
from harvest.vocabulary.splitting import Part, Split
from publications.imports.report import BadRow
from publications.imports.row import PaperRow
from publications.imports.vocabulary import Vocabulary
from publications.models import Act, Category, Library, Paper, Tag, TagAssignment, TagSlug
from publications.undo import undo
from tests.factories import CategoryFactory, HiddenTagFactory, PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
BIBCODES = [f"20{year}A&A...641A..85C" for year in (18, 19, 20, 21, 22)]


def picture():
    """Every tag, parent, old address, assignment and rule, by hand from the tables."""
    return (
        sorted(
            Tag.objects.values_list("pk", "name", "slug", "category", "position", "leads_to", "description")
        ),
        sorted(Tag.parents.through.objects.values_list("from_tag", "to_tag")),
        sorted(TagSlug.objects.values_list("slug", "tag")),
        sorted(TagAssignment.objects.values_list("pk", "paper", "tag", "given_by", "given_at")),
        sorted(SearchRule.objects.values_list("pk", "tag_name", "active")),
        sorted(ConsistencyRule.objects.values_list("pk", "condition", "tag_name", "active")),
        sorted(SoftwareGroup.objects.values_list("pk", "tag_name")),
        sorted(Category.objects.in_use().values_list("pk", "public")),
    )


@pytest.fixture
def tags(curator):
    """VEGA on the papers of 2018 to 2020 with a child, a rule and an old address; SPICA on 2020 to 2022."""
    facility, instrument = CategoryFactory(name="Facility"), CategoryFactory(name="Instrument")
    chara = TagFactory(name="CHARA", category=facility)
    vega = TagFactory(name="VEGA", category=instrument, description="in the visible")
    spica, child = (
        TagFactory(name="SPICA", category=instrument),
        TagFactory(name="VEGA Friend", category=instrument),
    )
    vega.parents.add(chara)
    child.parents.add(vega)
    TagSlug.objects.create(slug="vega-old", tag=vega)
    papers = [PaperFactory(bibcode=bibcode) for bibcode in BIBCODES]
    for paper in papers[:3]:
        TagAssignment.objects.create(paper=paper, tag=vega, given_by=curator)
    for paper in papers[2:]:
        TagAssignment.objects.create(paper=paper, tag=spica)
    SearchRule.objects.create(kind="facility", name="VEGA by name", query='=full:"VEGA"', tag_name="VEGA")
    condition = "has tag VEGA\nno tag CHARA"
    ConsistencyRule.objects.create(number="99", name="Old", condition=condition)
    SoftwareGroup.objects.create(name="vega software", tag_name="vega")
    return {"VEGA": vega, "SPICA": spica, "CHARA": chara, "child": child}


def with_tag(name):
    return sorted(Paper.objects.filter(tags__name=name).values_list("bibcode", flat=True))


def led(client, path):
    """Status, and where a visitor is led."""
    answer = client.get(path)
    return answer.status_code, answer.headers.get("Location", "")


def test_merge_loses_no_assignment_and_says_who_gave_it(tags, curator):
    carry_out(Merge(tags["VEGA"], tags["SPICA"]), curator)
    assert with_tag("SPICA") == BIBCODES
    assert not Tag.objects.filter(name="VEGA").exists()
    givers = TagAssignment.objects.filter(tag=tags["SPICA"], paper__bibcode__in=BIBCODES[:2])
    assert set(givers.values_list("given_by", flat=True)) == {curator.pk}


def test_merge_takes_children_description_and_names_in_rules_along(tags, curator):
    carry_out(Merge(tags["VEGA"], tags["SPICA"]), curator)
    spica = Tag.objects.get(name="SPICA")
    assert list(tags["child"].parents.all()) == [spica]
    assert spica.description == "in the visible"
    assert SearchRule.objects.get(name="VEGA by name").tag_name == "SPICA"
    assert ConsistencyRule.objects.get(number="99").condition == "has tag SPICA\nno tag CHARA"
    assert SoftwareGroup.objects.get(name="vega software").tag_name == "SPICA"


def test_rule_that_would_ask_for_and_against_one_tag_is_switched_off(tags, curator):
    change = Merge(tags["VEGA"], tags["CHARA"])
    assert any("99 Old is switched off" in said for said in change.foresee().rules)
    carry_out(change, curator)
    assert not ConsistencyRule.objects.get(number="99").active


def test_old_addresses_of_a_merged_tag_redirect_and_searches_follow(client, tags, curator):
    carry_out(Merge(tags["VEGA"], tags["SPICA"]), curator)
    for slug in ("vega", "vega-old"):
        assert led(client, f"/tags/{slug}/") == (301, "/tags/spica/")
        assert b"5 papers" in client.get(f"/papers/?tag={slug}").content
    assert Vocabulary().tags["vega"] == (tags["SPICA"].pk, "Instrument")  # an old file names it


def test_tag_below_itself_never_comes_out_of_a_merge(tags, curator):
    carry_out(Merge(tags["CHARA"], tags["child"]), curator)
    assert not tags["VEGA"].parents.exists()
    assert list(tags["child"].parents.all()) == [tags["VEGA"]]


def test_renamed_tag_keeps_its_address_and_rules_say_the_new_name(client, tags, curator):
    carry_out(Rename(tags["VEGA"], "VEGA-2"), curator)
    assert with_tag("VEGA-2") == BIBCODES[:3]
    assert b"<h1>VEGA-2</h1>" in client.get("/tags/vega/").content
    assert led(client, "/tags/vega-old/") == (301, "/tags/vega/")
    assert SearchRule.objects.get(name="VEGA by name").tag_name == "VEGA-2"
    assert ConsistencyRule.objects.get(number="99").condition.startswith("has tag VEGA-2\n")


def test_renamed_tag_may_get_an_address_of_its_new_name_and_go_back(client, tags, curator):
    carry_out(Rename(tags["VEGA"], "Visible", new_address=True), curator)
    assert led(client, "/tags/vega/") == (301, "/tags/visible/")
    assert led(client, "/tags/vega-old/") == (301, "/tags/visible/")
    carry_out(Rename(Tag.objects.get(name="Visible"), "VEGA", new_address=True), curator)
    assert led(client, "/tags/visible/") == (301, "/tags/vega/")
    assert client.get("/tags/vega/").status_code == 200


def test_name_that_is_taken_or_no_name_is_refused_with_the_way_out(tags, curator):
    with pytest.raises(CannotChange, match=r"there is a tag “SPICA” already, in Instrument: .* or merge"):
        carry_out(Rename(tags["VEGA"], "spica"), curator)
    with pytest.raises(CannotChange, match="name: "):
        carry_out(Rename(tags["VEGA"], "a; b"), curator)
    with pytest.raises(CannotChange, match="is its name already"):
        carry_out(Rename(tags["VEGA"], "VEGA"), curator)
    assert not Act.objects.exists()


def test_retired_tag_stays_on_its_papers_for_curators_only(client, tags, curator):
    carry_out(Retire(tags["VEGA"]), curator)
    assert with_tag("VEGA") == BIBCODES[:3]
    assert led(client, "/tags/vega/") == (410, "")
    assert led(client, "/tags/vega-old/") == (410, "")
    assert client.get("/papers/?tag=vega").status_code == 400
    assert b"VEGA<" not in client.get("/tags/").content
    assert "VEGA" not in client.get("/categories.json").content.decode().replace("VEGA Friend", "")
    client.force_login(curator)
    assert b"3 papers" in client.get("/papers/?tag=vega").content


def test_retired_tag_is_not_given_nor_suggested_nor_asked_for(tags, curator):
    carry_out(Retire(tags["VEGA"]), curator)
    rule = SearchRule.objects.get(name="VEGA by name")
    assert tags_of([rule]) == {}
    assert not Tag.objects.to_give().filter(name="VEGA").exists()
    assert not ConsistencyRule.objects.get(number="99").active
    assert not tags["child"].parents.exists()


def test_retired_tag_is_refused_wherever_tags_are_given(tags, curator):
    carry_out(Retire(tags["VEGA"]), curator)
    retired = Tag.objects.get(name="VEGA")
    candidate = Candidate.objects.create(bibcode="2020A&A...641A..99C", year=2020)
    with pytest.raises(curation.CannotDecide, match="the tag “VEGA” was retired meanwhile"):
        curation.accept(candidate, [retired], curator)
    with pytest.raises(UnknownTags, match="Retired since this page was opened: vega"):
        tags_sent(QueryDict("tags=vega"))
    assert retired.pk not in vocabulary_to_give()
    rule = ConsistencyRule(number="98", condition="no tag CHARA", proposes="tag", tag_name="VEGA")
    assert Check(rule).trouble == "the tag “VEGA” that it proposes is retired"
    with pytest.raises(ValidationError):
        TagAssignment(paper=Paper.objects.first(), tag=retired).full_clean()
    with pytest.raises(BadRow, match="the tag 'VEGA' is retired"):
        Vocabulary().tags_of(PaperRow(1, BIBCODES[3], tags=[(None, "VEGA")]))


def test_address_of_a_retired_tag_leads_to_the_one_that_was_chosen(client, tags, curator):
    carry_out(Retire(tags["VEGA"], leads_to=tags["CHARA"]), curator)
    for slug in ("vega", "vega-old"):
        assert led(client, f"/tags/{slug}/") == (301, "/tags/chara/")
        assert client.get(f"/papers/?tag={slug}").status_code == 200
    assert Tag.objects.public().named("VEGA") == tags["CHARA"]
    assert Vocabulary().tags["vega"] == (tags["CHARA"].pk, "Facility")
    # It goes on leading on when that tag is merged or retired in turn.
    carry_out(Merge(tags["CHARA"], tags["SPICA"]), curator)
    assert led(client, "/tags/vega/") == (301, "/tags/spica/")


def test_retired_tag_that_was_never_public_stays_unknown(client, curator):
    carry_out(Retire(HiddenTagFactory(name="Aspro")), curator)
    assert client.get("/tags/aspro/").status_code == 404


def test_retired_tag_comes_back_by_a_move(client, tags, curator):
    carry_out(Retire(tags["VEGA"], leads_to=tags["CHARA"]), curator)
    retired = Tag.objects.get(name="VEGA")
    carry_out(Move(retired, Category.objects.get(name="Instrument")), curator)
    assert client.get("/tags/vega/").status_code == 200


def test_second_retired_tag_does_not_stop_the_undo_of_the_first(tags, curator):
    first = carry_out(Retire(tags["VEGA"]), curator)
    carry_out(Retire(tags["SPICA"]), curator)
    undo(first, curator)
    assert Tag.objects.get(name="VEGA").category.name == "Instrument"


def test_moved_tag_keeps_papers_and_address(client, tags, curator):
    carry_out(Move(tags["VEGA"], CategoryFactory(name="Technique")), curator)
    assert with_tag("VEGA") == BIBCODES[:3]
    assert client.get("/tags/vega/").status_code == 200
    hidden = CategoryFactory(name="HIDDEN", public=False)
    change = Move(Tag.objects.get(name="VEGA"), hidden)
    assert any("visitors do not see the tag any more" in said for said in change.foresee().notes)
    carry_out(change, curator)
    assert client.get("/tags/vega/").status_code == 404


def parts(**queries):
    return [Part(name, QueryDict(query)) for name, query in queries.items()]


def test_split_gives_papers_by_searches_and_leaves_the_rest(tags, curator):
    change = Split(tags["VEGA"], parts(Early="year=2018", SPICA="year=2018-2019"), curator)
    change.check()
    said = [text for text, _ in change.foresee().papers]
    assert said == [
        "1 paper will have “Early”, a new tag in Instrument",
        "2 papers will have “SPICA”",
        "1 paper of these will have more than one",
        "1 paper will have “VEGA” as before",
    ]
    carry_out(change, curator)
    assert with_tag("Early") == BIBCODES[:1]
    assert with_tag("SPICA") == BIBCODES
    assert with_tag("VEGA") == BIBCODES[2:3]
    early = Tag.objects.get(name="Early")
    assert (early.category.name, list(early.parents.all())) == ("Instrument", [tags["CHARA"]])


def test_split_may_keep_the_old_tag_too(tags, curator):
    carry_out(Split(tags["VEGA"], parts(Early="year=2018"), curator, keep=True), curator)
    assert with_tag("VEGA") == BIBCODES[:3]
    assert with_tag("Early") == BIBCODES[:1]


def test_split_with_a_broken_search_names_it(tags, curator):
    with pytest.raises(CannotChange, match="search of “Early”: year: “20l8” is not a year"):
        carry_out(Split(tags["VEGA"], parts(Early="year=20l8"), curator), curator)


CHANGES = {
    "merge": lambda tags, by: Merge(tags["VEGA"], tags["SPICA"]),
    "merge upwards": lambda tags, by: Merge(tags["CHARA"], tags["child"]),
    "rename": lambda tags, by: Rename(tags["VEGA"], "Visible", new_address=True),
    "retire": lambda tags, by: Retire(tags["VEGA"], leads_to=tags["CHARA"]),
    "move": lambda tags, by: Move(tags["VEGA"], tags["CHARA"].category),
    "split": lambda tags, by: Split(tags["VEGA"], parts(Early="year=2018", SPICA="year=2018-2019"), by),
    "hide": lambda tags, by: Show(tags["VEGA"].category, False),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_each_change_is_one_act_and_undo_restores_everything(tags, curator, kind):
    before = picture()
    made = carry_out(CHANGES[kind](tags, curator), curator)
    after = picture()
    assert after != before
    assert Act.objects.count() == 1
    undoing = undo(made, curator)
    assert picture() == before
    undo(undoing, curator)
    assert picture() == after


@pytest.mark.parametrize("kind", CHANGES)
def test_nobody_does_what_they_did_not_see(tags, curator, kind):
    change = CHANGES[kind](tags, curator)
    change.check()
    seen = change.foresee().mark
    late = PaperFactory(bibcode="2018A&A...999A..99Z")
    for name in ("VEGA", "CHARA"):
        TagAssignment.objects.create(paper=late, tag=tags[name])
    with pytest.raises(NotAsSeen, match="look at it again"):
        carry_out(CHANGES[kind](tags, curator), curator, seen)
    assert not Act.objects.exists()


def test_tag_that_somebody_merged_meanwhile_is_said(tags, curator):
    change = Rename(Tag.objects.get(name="VEGA"), "Visible")
    carry_out(Merge(tags["VEGA"], tags["SPICA"]), curator)
    with pytest.raises(CannotChange, match="the tag “VEGA” is in the vocabulary no more"):
        carry_out(change, curator)


# --- The ADS libraries follow --------------------------------------------------------------------


@pytest.fixture
def sync(ads, ads_sandbox):
    for bibcode in BIBCODES:
        ads_sandbox.add(bibcode)

    def sync(**options):
        return library_sync.sync_libraries(ads, options=Options(**options))

    return sync


def waiting():
    """Plans for libraries of tags that wait for a person."""
    return list(SyncPlan.objects.filter(state="waiting", library__name__startswith="tag-olbin"))


def test_library_of_a_merged_tag_gives_its_papers_and_is_emptied_by_consent(tags, curator, sync, ads_sandbox):
    sync()
    made = carry_out(Merge(tags["VEGA"], tags["SPICA"]), curator)
    sync()
    assert ads_sandbox.held("tag-olbin SPICA") == set(BIBCODES)
    assert ads_sandbox.held("tag-olbin VEGA") == set(BIBCODES[:3])
    (waits,) = waiting()
    assert (waits.library.name, waits.ads_remove) == ("tag-olbin VEGA", BIBCODES[:3])
    assert "nothing is wanted, and 3 entries would be removed at ADS" in waits.reason
    assert waits.library not in Library.objects.kept()
    sync(consent={waits.library_id: waits})
    assert ads_sandbox.held("tag-olbin VEGA") == set()

    undo(made, curator)
    sync()
    assert ads_sandbox.held("tag-olbin VEGA") == set(BIBCODES[:3])
    assert ads_sandbox.held("tag-olbin SPICA") == set(BIBCODES[2:])
    assert Library.objects.get(name="tag-olbin VEGA").tag.name == "VEGA"


def test_library_of_a_renamed_tag_is_renamed_at_ads_and_back(tags, curator, sync, ads_sandbox):
    sync()
    made = carry_out(Rename(tags["VEGA"], "Visible"), curator)
    planned = sync(dry_run=True).plans.get(library__name__startswith="tag-olbin")
    assert (planned.rename, planned.ads_add, planned.ads_remove) == ("tag-olbin Visible", [], [])
    assert ads_sandbox.held("tag-olbin VEGA")
    sync()
    assert ads_sandbox.held("tag-olbin Visible") == set(BIBCODES[:3])
    ads_sandbox.calls.clear()
    sync()
    assert ads_sandbox.writes() == []
    undo(made, curator)
    sync()
    assert ads_sandbox.held("tag-olbin VEGA") == set(BIBCODES[:3])


def test_name_that_ads_has_already_is_told_and_taken_when_it_is_free(tags, curator, sync, ads_sandbox):
    sync()
    ads_sandbox.library("tag-olbin Visible")
    carry_out(Rename(tags["VEGA"], "Visible"), curator)
    PaperFactory(bibcode="2021A&A...649A...9X", tags=[tags["VEGA"]])
    ads_sandbox.add("2021A&A...649A...9X")
    for _ in range(2):
        run = sync()
        assert run.status == "done"
        assert any("ADS has another library of this name" in message for message in run.messages)
    library = Library.objects.get(tag=tags["VEGA"])
    plans = [(plan.state, len(plan.ads_add)) for plan in library.plans.order_by("pk")]
    assert plans[1:] == [("applied", 1)]
    held = ads_sandbox.held("tag-olbin VEGA")
    assert held == {*BIBCODES[:3], "2021A&A...649A...9X"}
    ads_sandbox.libraries.named("tag-olbin Visible").name = "of somebody else"
    sync()
    assert ads_sandbox.held("tag-olbin Visible") == held


def test_name_that_somebody_gave_a_library_at_ads_stays(tags, curator, sync, ads_sandbox):
    sync()
    ads_sandbox.libraries.named("tag-olbin VEGA").name = "my own name"
    carry_out(Rename(tags["VEGA"], "Visible"), curator)
    sync()
    assert ads_sandbox.held("my own name") == set(BIBCODES[:3])


def test_library_of_a_retired_tag_is_emptied_by_consent_and_filled_by_undo(tags, curator, sync, ads_sandbox):
    sync()
    made = carry_out(Retire(tags["VEGA"]), curator)
    sync()
    (waits,) = waiting()
    sync(consent={waits.library_id: waits})
    assert ads_sandbox.held("tag-olbin VEGA") == set()
    assert not waiting()
    undo(made, curator)
    sync()
    assert ads_sandbox.held("tag-olbin VEGA") == set(BIBCODES[:3])


def test_libraries_of_split_and_hidden_tags_follow(tags, curator, sync, ads_sandbox):
    sync()
    carry_out(Split(tags["VEGA"], parts(Early="year=2018"), curator, keep=True), curator)
    sync()
    assert ads_sandbox.held("tag-olbin Early") == {BIBCODES[0]}
    carry_out(Show(tags["VEGA"].category, False), curator)
    sync()
    assert sorted(plan.library.name for plan in waiting()) == [
        "tag-olbin Early",
        "tag-olbin SPICA",
        "tag-olbin VEGA",
    ]
    assert ads_sandbox.held("tag-olbin VEGA") == set(BIBCODES[:3])


def test_library_of_a_tag_that_was_renamed_and_merged_before_a_sync_comes_back_to_it(
    tags, curator, sync, ads_sandbox
):
    sync()
    bound = Library.objects.get(name="tag-olbin VEGA").ads_id
    carry_out(Rename(tags["VEGA"], "Visible"), curator)
    made = carry_out(Merge(Tag.objects.get(name="Visible"), tags["SPICA"]), curator)
    undo(made, curator)
    sync()
    assert Library.objects.get(tag__name="Visible").ads_id == bound
    assert ads_sandbox.held("tag-olbin Visible") == set(BIBCODES[:3])
    assert not waiting()


def test_preview_of_an_import_tells_what_its_renames_and_moves_mean(tags, sync):
    sync()
    text = "categories:\n- name: Facility\n  tags:\n  - name: Visible\n    slug: vega\n"
    change = Import(yaml_file.read(text))
    change.check()
    effects = change.foresee()
    assert "the ADS library “tag-olbin VEGA” is renamed by the next sync" in effects.libraries
    assert any("VEGA by name" in rule for rule in effects.rules)
