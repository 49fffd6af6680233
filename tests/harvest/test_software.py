"""Software groups: where their own papers stand, who uses them; and what the search rules brought in."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from harvest.discovery import discover
from harvest.models import BlocklistEntry, Candidate, HarvestRun, SearchRule, SoftwareGroup, TagReview
from harvest.software import USES, software
from harvest.yields import yields
from tests.factories import HiddenTagFactory, PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
OWN = [f"2010SPIE.7734E..{n}L" for n in range(80, 85)]


@pytest.fixture
def aspro():
    """A group whose tag stands under JMMC; the group JMMC is there from the beginning."""
    jmmc, tag = HiddenTagFactory(name="JMMC"), HiddenTagFactory(name="Aspro")
    tag.parents.add(jmmc)
    group = SoftwareGroup.objects.create(name="Aspro", tag_name="Aspro", bibcodes=OWN, words=["ASPRO"])
    SearchRule.objects.create(
        kind="group", name="Software: Aspro", tag_name="Aspro", query="<group>", group=group
    )
    return group


def candidate(bibcode, rule, curator, *, status="pending", **columns):
    decided = {} if status == "pending" else {"decided_by": curator, "decided_at": timezone.now()}
    made = Candidate.objects.create(
        bibcode=bibcode, year=int(bibcode[:4]), status=status, **decided, **columns
    )
    made.rules.add(rule)
    return made


def of(group):
    return software(SoftwareGroup.objects.filter(pk=group.pk))[0]


def test_own_papers_are_in_missing_not_refereed_or_blocked(aspro):
    PaperFactory(bibcode=OWN[0])
    PaperFactory(bibcode=OWN[1], refereed=False)
    BlocklistEntry.objects.create(bibcode=OWN[2], reason="not-refereed")
    BlocklistEntry.objects.create(bibcode=OWN[3], reason="duplicate")
    assert [(paper.state.name, paper.state.why) for paper in of(aspro).own] == [
        ("in", ""),
        ("in", "not refereed"),
        ("not refereed", "not refereed yet"),
        ("blocked", "duplicate"),
        ("missing", ""),
    ]


def test_uses_are_counted_by_state_year_and_author(aspro, curator):
    rule = aspro.rule
    tag = of(aspro).tag
    PaperFactory(bibcode="2012A&A...540A...1D", tags=[tag], authors=["Mérand, Antoine"])
    untagged = PaperFactory(bibcode="2012A&A...540A...2D", authors=["Merand, A."])
    TagReview.objects.create(paper=untagged, rule=rule, missing=True, query=rule.query)
    tagged_since = PaperFactory(bibcode="2013A&A...540A...3D", tags=[tag])
    TagReview.objects.create(paper=tagged_since, rule=rule, missing=True, query=rule.query)
    candidate("2014A&A...540A...4D", rule, curator, authors=["Duvert, G."])
    candidate("2014A&A...540A...5D", rule, curator, status="blocked")
    PaperFactory(bibcode=OWN[0], tags=[tag])  # their own: no use

    found = of(aspro)
    assert dict(zip(USES, found.counts, strict=True)) == {
        "in": 2,
        "tag missing": 1,
        "candidate": 1,
        "blocked": 1,
    }
    assert found.years == [(2014, [0, 0, 1, 1], 2), (2013, [1, 0, 0, 0], 1), (2012, [1, 1, 0, 0], 2)]
    assert found.authors == [("Mérand, Antoine", [1, 1, 0, 0]), ("Duvert, G.", [0, 0, 1, 0])]
    assert found.by_author("Mérand, A").counts == [1, 1, 0, 0]


def test_jmmc_is_not_counted_beside_another_hidden_tag(aspro):
    jmmc, tag = of(SoftwareGroup.objects.get(name="JMMC")).tag, of(aspro).tag
    alone, both = PaperFactory(tags=[jmmc]), PaperFactory(tags=[jmmc, tag])
    by_name = {one.group.name: one for one in software(SoftwareGroup.objects.all())}
    assert [use.bibcode for use in by_name["JMMC"].uses] == [alone.bibcode]
    assert [use.bibcode for use in by_name["Aspro"].uses] == [both.bibcode]


def test_page_and_csv_of_a_group_can_be_of_one_author(desk, aspro, curator):
    candidate("2014A&A...540A...4D", aspro.rule, curator, authors=["Duvert, G."], title="A <SUB>star</SUB>")
    candidate("2014A&A...540A...5D", aspro.rule, curator, authors=["Bourgès, L."])
    shown = desk.get(reverse("admin:software-group", args=[aspro.pk]), {"author": "Duvert"})
    assert shown.context["one"].counts == [0, 0, 0, 0]
    shown = desk.get(reverse("admin:software-group", args=[aspro.pk]), {"author": "Duvert, Gilles"})
    assert shown.context["one"].counts == [0, 0, 1, 0]
    answer = desk.get(reverse("admin:software-csv", args=[aspro.pk]), {"author": "Duvert, Gilles"})
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["bibcode", "year", "what", "state", "why", "title", "authors"]
    assert [row[0] for row in rows[1:6]] == OWN
    assert rows[6:] == [
        ["2014A&A...540A...4D", "2014", "use", "candidate", "", "A <SUB>star</SUB>", "Duvert, G."]
    ]
    assert desk.get(reverse("admin:software-group", args=[999])).status_code == 404


def test_group_without_its_tag_and_without_a_rule_is_shown(desk):
    group = SoftwareGroup.objects.create(name="Nameless", tag_name="Nameless")
    assert "the vocabulary has no tag “Nameless”" in desk.get(reverse("admin:software")).content.decode()
    assert desk.get(reverse("admin:software-group", args=[group.pk])).status_code == 200


@pytest.mark.parametrize("name", ["software", "software-group", "yield"])
def test_number_of_queries_is_the_same_for_1_and_50_rows(desk, aspro, curator, name):
    address = reverse(f"admin:{name}", args=[aspro.pk] if name == "software-group" else [])
    counts = []
    for numbers in ([1], range(2, 51)):
        for n in numbers:
            PaperFactory(tags=[of(aspro).tag], authors=[f"Author, {n}"])
            candidate(f"2014A&A...{n:03d}A...4D", aspro.rule, curator, authors=["Duvert, G."])
        with CaptureQueriesContext(connection) as context:
            assert desk.get(address).status_code == 200
        counts.append(len(context))
    assert counts[0] == counts[1]


def test_yield_counts_decisions_unique_finds_and_words(curator):
    narrabri, chara = (
        SearchRule.objects.get(name=name) for name in ("Narrabri Stellar Intensity Interferometer", "CHARA")
    )
    words = {"words": ["Narrabri Intensity"]}
    candidate("2014A&A...540A...1D", narrabri, curator, status="accepted", evidence=words)
    candidate("2014A&A...540A...2D", narrabri, curator, status="blocked", evidence=words)
    candidate("2014A&A...540A...3D", narrabri, curator, status="accepted").rules.add(chara)
    candidate("2014A&A...540A...4D", narrabri, curator)
    by_rule = {one.rule: one for one in yields()}
    one = by_rule[narrabri]
    assert (one.proposed, one.accepted, one.blocked, one.pending, one.unique) == (4, 2, 1, 1, 1)
    assert (one.share, one.precision) == (50, 67)
    assert [(word.name, word.accepted, word.blocked) for word in one.words] == [
        ("Narrabri Stellar Intensity Interferometer", 0, 0),
        ("Narrabri Intensity", 1, 1),
    ]
    assert (by_rule[chara].proposed, by_rule[chara].unique, by_rule[chara].share) == (1, 0, 100)
    assert by_rule[SearchRule.objects.get(name="NPOI")].share is None


def test_yield_counts_what_curators_judged_of_papers_that_were_in(curator):
    rule = SearchRule.objects.get(name="CHARA")
    tag = TagFactory(name="CHARA")
    for tags, by in (([tag], curator), ([], curator), ([tag], None)):
        TagReview.objects.create(
            paper=PaperFactory(tags=tags), rule=rule, missing=False, query=rule.query, by=by
        )
    one = next(one for one in yields() if one.rule == rule)
    assert (one.tagged, one.dismissed) == (1, 1)


def test_run_notes_the_calls_of_each_rule(ads, ads_sandbox):
    ads_sandbox.add("2020A&A...641A..85C", body="interferometry with the VLTI")
    discover(ads)
    run = HarvestRun.objects.get()
    by_rule = {query["rule"]: query["calls"] for query in run.queries if "rule" in query}
    assert by_rule["VLTI"] == 1
    assert {one.rule.name: one.calls for one in yields() if one.calls} == by_rule
