"""The synthetic papers and skies of the benchmarks are such as an import makes."""

import csv

from benchmarks import candidates, cone_sky
from benchmarks.papers import write_papers, write_targets
from harvest.models import Candidate
from publications import bibcode as bibcodes
from publications.models import Target
from tests.factories import PaperFactory


def test_each_synthetic_paper_has_a_bibcode_of_its_own_and_of_its_journal(tmp_path):
    write_papers(tmp_path / "papers.csv", 500)
    with open(tmp_path / "papers.csv", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len({row["bibcode"] for row in rows}) == 500
    for row in rows:
        read = bibcodes.parse(row["bibcode"])
        assert (read.year, read.bibstem) == (int(row["year"]), row["journal"])


def test_the_same_size_gives_the_same_bytes(tmp_path):
    for name in ("first", "second"):
        write_papers(tmp_path / name, 50)
        write_targets(tmp_path / f"{name} targets", tmp_path / name)

    for what in ("", " targets"):
        assert (tmp_path / f"first{what}").read_bytes() == (tmp_path / f"second{what}").read_bytes()


def test_a_synthetic_target_has_one_position_on_the_sphere(tmp_path):
    write_papers(tmp_path / "papers.csv", 500)
    write_targets(tmp_path / "targets.csv", tmp_path / "papers.csv")
    with open(tmp_path / "targets.csv", newline="") as file:
        rows = list(csv.DictReader(file))

    positions = {(row["name"], row["ra"], row["dec"]) for row in rows}
    assert len(rows) == 250
    assert len(positions) == len({name for name, _, _ in positions}) < 250
    for _, ra, dec in positions:
        assert 0 <= float(ra) <= 360
        assert -90 <= float(dec) <= 90


def test_each_position_of_the_synthetic_sky_is_linked_to_a_paper_with_a_bibcode(db):
    cone_sky.fill(40, papers=10)

    targets = Target.objects.in_cone(0, 0, 180).with_papers()
    assert targets.count() == 40
    assert all(bibcodes.is_bibcode(target.papers.get().bibcode) for target in targets)


def test_synthetic_candidates_wait_with_evidence_beside_decided_ones(db):
    papers = {PaperFactory().bibcode for _ in range(20)}
    candidates.fill(30, decided=10)

    waiting = Candidate.objects.pending()
    assert waiting.count() == 30
    assert Candidate.objects.exclude(status="pending").count() == 10
    for candidate in waiting:
        assert bibcodes.is_bibcode(candidate.bibcode)
        assert set(candidate.evidence["references"] or ()) <= papers
        assert 1 <= candidate.rules.count() <= 4
