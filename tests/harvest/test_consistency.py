import random
from io import StringIO

import pytest
from django.core.management import call_command

from harvest import demonstration
from harvest.consistency import Check, overview
from harvest.mending import CannotMend, mend, revoke, waive, waive_what_is_found
from harvest.models import ConsistencyRule, HarvestRun, Waiver
from publications import undo
from publications.models import Identifier, Journal, Paper, SourceRecord, Tag, TagAssignment
from tests.factories import CategoryFactory, HiddenTagFactory, PaperFactory, TagFactory

pytestmark = pytest.mark.django_db

# The children of each parent, as the curators' table has them.
PARENTS = {
    "VLTI": "GRAVITY AMBER MIDI PIONIER VINCI PRIMA MATISSE ASGARD",
    "CHARA": "MIRC VEGA PAVO CLIMB SPICA MIRC-X MYSTIC",
    "SUSI": "PAVO",
    "NPOI": "VISION",
}
HIDDEN = ["JMMC", "oidb", "Aspro", "LITpro"]
MAIN = ["Astrophysical results", "Instrumentation", "Review papers"]
TOPICS = ["Stellar diameters", "Stellar parameters", "Binaries"]


def make_vocabulary():
    tags = {}
    for category, of_category in (
        ("MainCategory", MAIN),
        ("Facility", PARENTS),
        ("Instrument", sorted({name for names in PARENTS.values() for name in names.split()})),
        ("Astrophysical topic", TOPICS),
    ):
        made = CategoryFactory(name=category)
        tags |= {name: TagFactory(name=name, category=made) for name in of_category}
    tags |= {name: HiddenTagFactory(name=name) for name in HIDDEN}
    for parent, children in PARENTS.items():
        for child in children.split():
            tags[child].parents.add(tags[parent])
    for child in HIDDEN[1:]:
        tags[child].parents.add(tags["JMMC"])
    return tags


def make_papers(number, seed=7):
    """Papers with random tags, and a random list of OiDB of which some papers are not here."""
    chance = random.Random(seed)
    tags = list(make_vocabulary().values())
    journal = Journal.objects.create(bibstem="A&A")
    papers = Paper.objects.bulk_create(
        Paper(bibcode=f"2012A&A...{n:05d}A...1D"[:19], year=2012, journal=journal, sort_date="2012-00-00")
        for n in range(number)
    )
    Identifier.objects.bulk_create(Identifier.of(paper, paper.bibcode) for paper in papers)
    TagAssignment.objects.bulk_create(
        TagAssignment(paper=paper, tag=tag)
        for paper in papers
        for tag in chance.sample(tags, chance.choice([0, 1, 1, 2, 3, 4, 6]))
    )
    SourceRecord.objects.bulk_create(
        [
            SourceRecord(source="oidb", bibcode=paper.bibcode, paper=paper)
            for paper in chance.sample(papers, number // 4)
        ]
        + [SourceRecord(source="oidb", bibcode=f"2013A&A...{n:03d}A...1M") for n in range(30)]
    )


def by_brute_force():
    """Number of each rule → bibcodes, from the prose of the curators' table, over plain sets."""
    tags, parents, oidb, found = {}, {}, set(), {}
    for paper in Paper.objects.all():
        tags[paper.bibcode] = set()
    given = TagAssignment.objects.values_list("paper__bibcode", "tag__category__name", "tag__name")
    for bibcode, category, name in given:
        tags[bibcode].add((category, name))
    for tag in Tag.objects.prefetch_related("parents"):
        parents[tag.name] = {parent.name for parent in tag.parents.all()}
    for record in SourceRecord.objects.filter(source="oidb"):
        oidb.add(record.bibcode)
    for bibcode, carried in tags.items():
        names = {name for _, name in carried}
        of = {category: {name for kind, name in carried if kind == category} for category, _ in carried}
        facility, instrument = of.get("Facility", set()), of.get("Instrument", set())
        verdicts = {
            "1": bool(of.get("HIDDEN")) and "JMMC" not in names,
            "2": "oidb" in names and bibcode not in oidb,
            "3a": bibcode in oidb and "oidb" not in names,
            "4": len(carried) == 1,
            "5": len(carried) == 0,
            "6": not of.get("MainCategory"),
            "7": not facility and not instrument and "Instrumentation" not in names,
            "8": not facility and not instrument,
            "9": bool(instrument) and not facility,
            "10": bool(instrument) and not facility and "Instrumentation" not in names,
            "11": "Stellar diameters" in names and "Stellar parameters" not in names,
            "12": any(parents[name] and not (parents[name] & names) for name in names),
        }
        for number, broken in verdicts.items():
            if broken:
                found.setdefault(number, set()).add(bibcode)
    found["3b"] = oidb - tags.keys()
    return found


def by_rules():
    return {
        rule.number: set(Check(rule).rows.values_list("bibcode", flat=True))
        for rule in ConsistencyRule.objects.all()
    }


def assert_rules_agree_with_brute_force():
    expected = by_brute_force()
    found = by_rules()
    numbers = ["1", "2", "3a", "3b", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
    assert list(ConsistencyRule.objects.values_list("number", flat=True)) == numbers
    for number in numbers:
        assert found[number] == expected.get(number, set()), number
    seen = overview()
    assert seen.papers == len(
        set().union(*(expected.get(number, set()) for number in numbers if number != "3b"))
    )
    assert seen.missing == len(expected["3b"])


def test_each_rule_finds_what_brute_force_finds_on_5000_papers():
    make_papers(5000)
    assert all(by_rules().values())
    assert_rules_agree_with_brute_force()


def test_each_rule_finds_what_brute_force_finds_on_the_demonstration_data():
    demonstration.load()
    here = list(Paper.objects.order_by("bibcode"))
    oidb = Tag.objects.get(name="oidb")
    for paper in here[:6]:
        TagAssignment.objects.create(paper=paper, tag=oidb)
    for paper in here[4:9]:
        SourceRecord.objects.create(source="oidb", bibcode=paper.bibcode, paper=paper)
    SourceRecord.objects.create(source="oidb", bibcode="2013A&A...555A...1M")
    assert_rules_agree_with_brute_force()


def test_a_waiver_silences_one_rule_for_one_paper_only(curator):
    make_papers(400)
    before = by_rules()
    rule = ConsistencyRule.objects.get(number="9")
    bibcode = sorted(before["9"] & before["10"] & before["12"])[0]
    _, number = waive(rule, Paper.objects.filter(bibcode=bibcode), "an old instrument", curator)

    assert number == 1
    assert by_rules() == before | {"9": before["9"] - {bibcode}}
    waiver = Waiver.objects.get()
    assert (waiver.reason, waiver.by, waiver.paper.bibcode) == ("an old instrument", curator, bibcode)
    with pytest.raises(CannotMend, match="waived by curator already: an old instrument"):
        waive(rule, Paper.objects.filter(bibcode=bibcode), "again", curator)

    revoke([waiver], curator)
    assert by_rules() == before
    assert list(Waiver.history.values_list("history_type", "history_user")) == [
        ("-", curator.pk),
        ("+", curator.pk),
    ]


def test_a_waiver_of_any_rule_leaves_all_the_others_alone(curator):
    """Each time for a paper that breaks as many other rules as possible."""
    make_papers(120)
    before = by_rules()
    for rule in ConsistencyRule.objects.exclude(number="3b"):  # about papers that are not here
        broken = before[rule.number]
        bibcode = max(sorted(broken), key=lambda one: sum(one in found for found in before.values()))
        made, _ = waive(rule, Paper.objects.filter(bibcode=bibcode), "so it is", curator)
        assert by_rules() == before | {rule.number: broken - {bibcode}}
        undo.undo(made, curator)
        assert by_rules() == before


def test_a_waiver_needs_a_reason_that_can_be_kept(curator):
    paper = PaperFactory()
    rule = ConsistencyRule.objects.get(number="5")
    with pytest.raises(CannotMend, match="say why"):
        waive(rule, Paper.objects.filter(pk=paper.pk), "  ", curator)
    with pytest.raises(CannotMend, match="251 characters; at most 250"):
        waive(rule, Paper.objects.filter(pk=paper.pk), "x" * 251, curator)
    assert not Waiver.objects.exists()


def offers(number, paper):
    check = Check(ConsistencyRule.objects.get(number=number))
    (finding,) = check.findings(check.rows.filter(pk=paper.pk))
    return {offer.tag.name: offer.ticked for offer in finding.offers}


def test_a_sole_absent_parent_is_ticked_and_several_are_offered():
    tags = make_vocabulary()
    sole = PaperFactory(tags=[tags["MIRC-X"]])
    several = PaperFactory(tags=[tags["PAVO"]])
    both = PaperFactory(tags=[tags["PAVO"], tags["MIRC"]])
    internal = PaperFactory(tags=[tags["oidb"]])
    for number in ("9", "10", "12"):
        assert offers(number, sole) == {"CHARA": True}
        assert offers(number, several) == {"CHARA": False, "SUSI": False}
        assert offers(number, both) == {"CHARA": True, "SUSI": False}
    assert offers("12", internal) == offers("1", internal) == {"JMMC": True}
    assert offers("5", PaperFactory()) == {}


def test_mending_adds_what_was_chosen_of_what_is_offered_and_is_undone_as_a_whole(curator):
    tags = make_vocabulary()
    first, second = PaperFactory(tags=[tags["MIRC"]]), PaperFactory(tags=[tags["PAVO"]])
    rule = ConsistencyRule.objects.get(number="12")
    wanted = {first.pk: {tags["CHARA"].pk, tags["JMMC"].pk}, second.pk: {tags["SUSI"].pk}}
    made, number = mend(rule, wanted, curator)

    assert number == 2
    assert {tag.name for tag in first.tags.all()} == {"MIRC", "CHARA"}
    assert {tag.name for tag in second.tags.all()} == {"PAVO", "SUSI"}
    given = TagAssignment.history.filter(tag=tags["SUSI"]).get()
    assert (given.history_user, given.history_change_reason) == (
        curator,
        "added tags: rule 12 Missing parent",
    )
    with pytest.raises(CannotMend, match="somebody mended it meanwhile"):
        mend(rule, wanted, curator)

    undo.undo(made, curator)
    assert {tag.name for tag in first.tags.all()} == {"MIRC"}
    assert {tag.name for tag in second.tags.all()} == {"PAVO"}


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("has tag Nulling", "the vocabulary has no tag “Nulling”"),
        ("no category Mood", "the vocabulary has no category “Mood”"),
        ("in telbib", "no list of ESO telbib was read yet"),
        ("tag is nice", "“tag is nice” is no condition"),
    ],
)
def test_rule_without_what_it_names_says_that_it_cannot_apply(condition, why):
    PaperFactory()
    rule = ConsistencyRule.objects.create(number="13", name="New", condition=condition)
    check = Check(rule)
    assert check.trouble.startswith(why)
    assert list(check.rows) == []
    assert overview().papers == 0 or all(
        count is None or check.rule != rule for check, count in overview().counts
    )


def test_rules_of_an_empty_vocabulary_find_nothing_and_do_not_fail():
    PaperFactory()
    counts = {check.rule.number: count for check, count in overview().counts}
    assert counts == dict.fromkeys(["1", "2", "3a", "3b", "6", "7", "8", "9", "10", "11"]) | {
        "4": 0,
        "5": 1,
        "12": 0,
    }


def test_rule_that_is_off_finds_nothing():
    PaperFactory()
    rule = ConsistencyRule.objects.get(number="5")
    rule.active = False
    assert Check(rule).rows.count() == 0


def test_rule_follows_a_tag_and_a_category_that_were_renamed():
    tags = make_vocabulary()
    paper = PaperFactory(tags=[tags["Stellar diameters"], tags["MIRC"]])
    diameters, instrument = tags["Stellar diameters"], tags["MIRC"].category
    diameters.name, instrument.name = "Angular diameters", "Beam combiner"
    diameters.save()
    instrument.save()
    assert paper in Check(ConsistencyRule.objects.get(number="11")).rows
    assert paper in Check(ConsistencyRule.objects.get(number="9")).rows


def test_number_of_queries_does_not_grow_with_papers(
    django_assert_num_queries, django_assert_max_num_queries
):
    make_papers(60)
    rule = ConsistencyRule.objects.get(number="12")
    with django_assert_num_queries(4):
        check = Check(rule)
        few = check.findings(check.rows[:1])
    with django_assert_num_queries(4):
        check = Check(rule)
        many = check.findings(check.rows[:20])
    assert (len(few), len(many)) == (1, 20)
    with django_assert_max_num_queries(25):
        overview()


def test_curated_at_ads_waives_the_rules_that_find_something_that_day():
    tags = make_vocabulary()
    alone, fine = (
        PaperFactory(tags=[tags["MIRC"]]),
        PaperFactory(tags=[tags[n] for n in ("CHARA", "Binaries", "Review papers")]),
    )
    assert waive_what_is_found([alone, fine]) == [fine]
    assert sorted(Waiver.objects.values_list("rule__number", "paper", "reason", "by")) == [
        (number, alone.pk, "from ADS", None) for number in ("10", "12", "4", "6", "9")
    ]


def run_command(*options):
    output = StringIO()
    call_command("check_consistency", *options, stdout=output, stderr=output)
    return output.getvalue()


def test_command_says_what_each_rule_finds_and_leaves_a_row(curator):
    make_vocabulary()
    PaperFactory()
    said = run_command("--by", "curator")
    assert "1  5 No tag" in said
    assert "2 OiDB tag without OiDB data: no list of OiDB was read yet" in said
    assert "1 papers to look at, and 0 that are missing here" in said
    assert said.endswith("1 to look at, each counted once\n")
    run = HarvestRun.objects.get()
    assert (run.job, run.status, run.by, run.found) == ("consistency", "done", curator, 1)
    assert {"rule": "5 No tag", "query": "number of tags is 0", "found": 1} in run.queries


def test_command_fails_on_findings_only_when_it_is_asked_to():
    make_vocabulary()
    run_command("--exit-code")
    PaperFactory()
    run_command()
    with pytest.raises(SystemExit) as ended:
        run_command("--exit-code")
    assert ended.value.code == 1
    assert HarvestRun.objects.filter(status="done").count() == 3
