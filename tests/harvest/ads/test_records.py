"""What ADS says, at the border."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest import curation, discovery
from harvest.ads.records import printable
from harvest.models import Candidate
from publications.exports.csv import papers_csv
from publications.imports.files import import_papers
from publications.imports.values import text
from publications.models import Category, Paper


@given(st.text())
def test_any_text_is_one_line_that_an_import_takes(written):
    read = printable(written)
    assert read.isprintable()
    assert text(longest=len(read))(read) == read
    assert printable(read) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("A star", "A star"),
        ("inter\u00adfero\u200bmetry", "interferometry"),
        ("two\n lines,\u00a0and a\tgap", "two lines, and a gap"),
        ("a bell\x07, nothing\x00, half a pair\ud800", "a bell , nothing , half a pair"),
        ("Θ¹ Ori\u2003C, 12 μm ☉", "Θ¹ Ori C, 12 μm ☉"),
    ],
)
def test_what_is_not_seen_is_left_out(written, read):
    assert printable(written) == read


@pytest.mark.django_db
def test_a_paper_with_unseen_characters_is_found_accepted_exported_and_imported(
    ads, ads_sandbox, curator, tmp_path
):
    ads_sandbox.add(
        "2020A&A...641A..85C",
        title="The star\u200b A\x00\nof class\u00a0Be",
        authors=["de\u00a0Souza,\u200b A."],
        keywords=["stars:\u00a0Be"],
        body="an optical interferometer, the VLTI",
    )
    discovery.discover(ads)
    paper = curation.accept(Candidate.objects.get(), [], curator)
    assert (paper.title, paper.author_names) == ("The star A of class Be", ["de Souza, A."])
    file = tmp_path / "papers.csv"
    file.write_text("".join(papers_csv(Paper.objects.all(), Category.objects.public())), newline="")
    report = import_papers(file)
    assert (report.reasons, report.unchanged) == ([], 1)
