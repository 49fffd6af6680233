"""The demonstration data is loaded whole, once, and only into an empty database."""

import csv
import json

import pytest
from django.core.management import CommandError, call_command

from harvest.demonstration import DATA
from harvest.models import BlocklistEntry, Candidate, FilteredBibstem
from publications.models import (
    Category,
    DataState,
    Journal,
    Keyword,
    Library,
    Paper,
    SourceRecord,
    Tag,
    Target,
    TargetLink,
)
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db


def test_it_holds_the_papers_and_their_tags_targets_and_keywords():
    call_command("load_demo")

    described = json.loads((DATA / "papers.json").read_text())
    # 85 bibcodes of JMDC and 55 of COAST; 4 and 1 of them are among the 120, and 3 are in both.
    expected = {paper["bibcode"] for paper in described}
    assert len(expected) == 120
    with open(DATA / "jmdc_links.csv") as file:
        expected |= {
            row["bibcode"] for row in csv.DictReader(file) if row["method"].endswith("interferometry")
        }
    coast = json.loads((DATA / "known_lists.json").read_text())["coast_refereed_papers"]
    expected |= set(coast)
    assert set(Paper.objects.values_list("bibcode", flat=True)) == expected

    for paper in described:
        row = Paper.objects.get(bibcode=paper["bibcode"])
        assert [a.author.name for a in row.authorships.all()] == paper["authors"]
        assert {t.name for t in row.tags.all()} == {t for names in paper["tags"].values() for t in names}
        assert {k.name for k in row.keywords.all()} == set(paper["keywords"])
        assert {t.name for t in row.targets.all()} >= {t["name"] for t in paper["targets"]}
        assert row.authors_complete == (not paper.get("authors_truncated", False))
        assert (row.refereed, row.doi) == (paper["refereed"], paper["doi"] or "")
    assert set(Paper.objects.filter(bibcode__in=coast).values_list("refereed", flat=True)) == {True}
    assert not Paper.objects.exclude(abstract="").exists()


def test_it_holds_the_vocabulary_the_lists_and_the_candidates():
    call_command("load_demo")

    hidden = Category.objects.get(public=False)
    assert (hidden.name, hidden.label) == ("HIDDEN", "JMMC")
    assert {t.name for t in Tag.objects.get(name="PAVO").parents.all()} == {"CHARA", "SUSI"}
    assert sorted(FilteredBibstem.objects.values_list("bibstem", flat=True)) == [
        "ASPC", "MNRAS.tmp", "NatAs.tmp", "PhDT",
    ]  # fmt: skip
    assert BlocklistEntry.objects.filter(reason="not-refereed").count() == 3
    assert BlocklistEntry.objects.filter(reason="not-interferometry").count() == 3
    assert {library.name: library.entries.count() for library in Library.objects.all()} == {
        "jmmc-non-interfero": 20,
        "jmmc-papers": 25,
    }
    assert Candidate.objects.filter(status="pending").count() == 40
    for candidate in Candidate.objects.all():
        assert set(candidate.evidence) == {"words", "nearest"}, "nothing else can be known without ADS"
        assert candidate.points >= 0, "what is not known never counts against a paper"
    assert Candidate.objects.filter(points__gt=0).count() > 30
    assert Journal.objects.get(bibstem="A&A").name == "Astronomy and Astrophysics"
    assert SourceRecord.objects.filter(source="jmdc").count() == 178
    assert SourceRecord.objects.filter(interferometric=True, paper__isnull=False).count() == 85
    assert TargetLink.objects.filter(kind="measured", target__name="HD 3627").exists()
    assert DataState.current().demonstration


def test_a_second_run_changes_nothing():
    call_command("load_demo")
    tables = (Paper, Tag, Target, TargetLink, Keyword, Candidate, SourceRecord)
    before = [DataState.current().number, *(model.objects.count() for model in tables)]

    call_command("load_demo")

    assert [DataState.current().number, *(model.objects.count() for model in tables)] == before


def test_a_database_of_real_work_is_refused():
    PaperFactory()

    with pytest.raises(CommandError, match="papers of its own"):
        call_command("load_demo")

    assert Paper.objects.count() == 1
    assert not DataState.current().demonstration
