"""Each format is read back by a parser that knows nothing of us, every author and accent intact."""

import io
import json
import shutil
import subprocess
import warnings
from pathlib import Path

import feedparser
import rispy
from astropy.io.votable import parse, validate
from pybtex.database import parse_string

from publications.models import Author
from tests.publications.exports.conftest import BIBCODE

EXPECTED_BIBTEX = Path(__file__).parents[2] / "data" / "one_paper.bib"
AUTHORS = ["Mérand, Antoine", "Kraków, Łukasz", "GRAVITY Collaboration", "Ševčík, Å., Jr."]


def test_bibtex_is_written_as_ads_writes_it(fetch, published):
    assert fetch(f"/papers/{BIBCODE}.bib") == EXPECTED_BIBTEX.read_text(encoding="utf-8")


def test_bibtex_is_read_by_pybtex(fetch, published):
    text = fetch("/papers.bib?sort=-added")
    entries = parse_string(text, "bibtex").entries

    assert text.startswith("% OLBIN Publications")
    assert list(entries) == [BIBCODE, "1998astro.ph.10261M"]
    people = entries[BIBCODE].persons["author"]
    assert [person.rich_last_names[0].render_as("text") for person in people] == [
        "Mérand", "Kraków", "GRAVITY Collaboration", "Ševčík",
    ]  # fmt: skip
    assert entries["1998astro.ph.10261M"].fields["journal"] == "arXiv e-prints"


def test_ris_is_read_by_rispy(fetch, published):
    full, bare = rispy.loads(fetch("/papers.ris?sort=-added"))

    assert full["authors"] == AUTHORS
    assert full["title"] == "H2O & dust around α Ori: 50% of Teff"
    assert (full["year"], full["volume"], full["start_page"]) == ("2012", "540", "A5")
    assert full["doi"] == "10.1051/0004-6361/201118519"
    assert full["keywords"] == ["stars: individual: α Ori", "techniques: interferometric"]
    assert bare["accession_number"] == "1998astro.ph.10261M"
    assert bare["notes"] == ["arXiv:astro-ph/9810261"]


def test_json_holds_each_fact_and_null_for_the_unknown(fetch, published):
    document = json.loads(fetch("/papers.json?sort=-added"))
    full, bare = document["papers"]

    assert document["count"] == 2
    assert full == json.loads(fetch(f"/papers/{BIBCODE}.json"))
    assert full["authors"] == AUTHORS
    assert full["tags"] == [{"category": "Facility", "name": "VLTI", "slug": "vlti"}]
    assert full["targets"] == ["α Ori"]
    assert (full["added"], bare["added"], bare["refereed"], bare["title"]) == ("2026-03-01", None, None, None)
    assert (full["authors_complete"], bare["authors"], bare["authors_complete"]) == (True, [], None)


def test_the_feed_is_read_by_feedparser_without_complaint(fetch, published):
    feed = feedparser.parse(fetch("/papers.atom?sort=title").encode())
    full, bare = feed.entries

    assert not feed.bozo
    assert (full.published, full.updated) == ("2026-03-01T00:00:00Z", "2026-03-05T10:00:00Z")
    assert [author.name for author in full.authors] == AUTHORS
    assert [(tag.term, tag.label) for tag in full.tags] == [("vlti", "VLTI")]
    assert full.id == f"tag:127.0.0.1,2026:paper/{published.pk}"
    assert "H<sub>2</sub>O &amp; dust" in full.title
    assert bare.title == "1998astro.ph.10261M"


def test_the_id_of_an_entry_stays_when_the_bibcode_changes(fetch, published):
    before = feedparser.parse(fetch("/papers.atom")).entries[0].id
    published.bibcode = "2013A&A...541A...6D"
    published.save()

    assert feedparser.parse(fetch("/papers.atom")).entries[0].id == before


def test_the_votable_is_read_by_astropy_without_a_warning(fetch, published):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = parse(
            io.BytesIO(fetch("/papers.vot?sort=-added").encode()), verify="exception"
        ).get_first_table()

    assert table.nrows == 2
    full = table.array[0]
    assert full["authors"] == "; ".join(AUTHORS)
    assert (full["year"], full["citations"], full["refereed"]) == (2012, 7, True)
    assert table.array.mask["citations"].tolist() == [False, True]
    assert {field.ucd for field in table.fields} >= {"meta.bib.bibcode;meta.main", "time.publiYear"}


def test_validators_find_nothing_in_the_votable(fetch, published, tmp_path):
    path = tmp_path / "papers.vot"
    path.write_text(fetch("/papers.vot"), encoding="utf-8")
    report = io.StringIO()

    assert validate(str(path), output=report), report.getvalue()
    if shutil.which("stilts"):
        votlint = subprocess.run(["stilts", "votlint", path], capture_output=True, text=True, check=True)
        assert votlint.stdout + votlint.stderr == ""


def test_a_name_that_is_no_collaboration_by_its_words_is_braced_when_it_has_no_comma(fetch, published):
    Author.objects.filter(name="GRAVITY Collaboration").update(name="Black and White Team")

    assert "and {Black and White Team} and" in fetch("/papers.bib")
