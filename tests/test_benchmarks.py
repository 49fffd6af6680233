"""The synthetic papers of the benchmarks are papers that an import takes."""

import csv

from benchmarks.papers import write_papers
from publications import bibcode as bibcodes


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
