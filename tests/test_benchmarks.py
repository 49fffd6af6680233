"""The synthetic papers and skies of the benchmarks are such as an import makes."""

import csv

from benchmarks import cone_sky
from benchmarks.papers import write_papers
from publications import bibcode as bibcodes
from publications.models import Target


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

    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_each_position_of_the_synthetic_sky_is_linked_to_a_paper_with_a_bibcode(db):
    cone_sky.fill(40, papers=10)

    targets = Target.objects.in_cone(0, 0, 180).with_papers()
    assert targets.count() == 40
    assert all(bibcodes.is_bibcode(target.papers.get().bibcode) for target in targets)
