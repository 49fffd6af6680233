"""papers.csv read back: the same bytes again, and a clear word about everything that is wrong in a file."""

import csv
import io
from datetime import UTC, datetime
from unittest.mock import ANY

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publications.exports.csv import papers_csv
from publications.imports.files import import_papers
from publications.imports.report import ImportRefused
from publications.models import Author, Category, DataState, Identifier, Journal, Paper, Tag, TagAssignment
from publications.models.search_text import SearchText
from tests.factories import CategoryFactory, HiddenTagFactory, PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
BIBCODE = "2012A&A...540A...5D"
OTHER = "2020ApJ...900L..12M"
HEADER = "bibcode,title,authors,year,pubdate,journal,volume,page,doi,arxiv,refereed,citations,added,url"


@pytest.fixture
def file(tmp_path):
    def write(content, name="papers.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def exported(categories=None):
    categories = Category.objects.public() if categories is None else categories
    return "".join(papers_csv(Paper.objects.all(), categories)).encode()


def empty_the_database():
    TagAssignment.objects.all().delete()
    Paper.objects.all().delete()
    for model in (Tag, Category, Author, Journal):
        model.objects.all().delete()


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from('\n\r\t,";&é=+漢<'), max_size=40
)
WORD = st.text(st.characters(categories=["L", "Nd"]) | st.sampled_from(" .'-&,\""), min_size=1, max_size=20)
NAME = WORD.filter(lambda name: name == name.strip() and name.isprintable())


@st.composite
def csv_files(draw):
    """A file as the export writes it: rows by bibcode, tags of each cell in one vocabulary order."""
    categories = draw(st.lists(NAME.map(lambda name: f"C {name}"[:60]), max_size=3, unique=True))
    names = draw(st.lists(NAME, min_size=1, max_size=12, unique_by=str.casefold))
    home = {name: draw(st.sampled_from(categories)) for name in names} if categories else {}
    bibcodes = draw(
        st.lists(
            st.builds("{:04d}A&A...{:3d}{}{:4d}{}".format, st.integers(1950, 2026), st.integers(100, 999),
                      st.sampled_from("ALE."), st.integers(1000, 9999), st.sampled_from("ABZ")),
            max_size=6, unique_by=str.casefold,
        )
    )  # fmt: skip
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER.split(",") + categories)
    for number, bibcode in enumerate(sorted(bibcodes)):
        tags = [name for name in names if name in home and draw(st.booleans())]
        writer.writerow(
            [
                bibcode,
                draw(TEXT),
                "; ".join(draw(st.lists(NAME, max_size=4))),
                draw(st.integers(1900, 2026)),
                draw(st.sampled_from(["", "2012-04-00", "2012-00-00", "2020-12-31"])),
                draw(st.sampled_from(["A&A", "ApJ", "MNRAS.tmp"])),
                draw(st.sampled_from(["", "540", "L 3", "a,b"])),
                draw(st.sampled_from(["", "L97-L100", "arXiv:1"])),
                draw(st.sampled_from(["", f"10.1051/x{number}"])),
                draw(st.sampled_from(["", f"2012.0000{number}"])),
                draw(st.sampled_from(["", "true", "false"])),
                draw(st.sampled_from(["", "0", "512"])),
                draw(st.sampled_from(["", "2026-03-01"])),
                f"https://ui.adsabs.harvard.edu/abs/{bibcode.replace('&', '%26')}/abstract",
                *("; ".join(name for name in tags if home[name] == category) for category in categories),
            ]
        )
    return text.getvalue().encode()


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=csv_files())
def test_an_export_imported_into_an_empty_database_is_exported_with_the_same_bytes(file, content):
    empty_the_database()

    report = import_papers(file(content), create_categories=True)
    first = exported()
    empty_the_database()
    import_papers(file(first), create_categories=True)

    assert report.reasons == []
    assert exported() == first
    # A tag that no row of the file carries is not in the file; all else is.
    assert first == content


def test_a_curators_file_marks_its_hidden_columns_and_is_read_back(file):
    hidden = HiddenTagFactory(name="oidb", category=CategoryFactory(name="Lists", public=False))
    vlti = TagFactory(name="VLTI", category=CategoryFactory(name="Facility"))
    PaperFactory(bibcode=BIBCODE, tags=[hidden, vlti])
    content = exported(Category.objects.order_by("name"))
    assert content.decode().startswith(f"{HEADER},Facility,Lists (internal)\r\n")

    assert import_papers(file(content)).unchanged == 1
    import_papers(file(f"bibcode,Lists (internal)\n{BIBCODE},\n"))
    assert [tag.name for tag in Paper.objects.get().tags.all()] == ["VLTI"]

    empty_the_database()
    import_papers(file(content), create_categories=True)
    assert exported(Category.objects.order_by("name")) == content
    assert [category.name for category in Category.objects.public()] == ["Facility"]


@pytest.mark.parametrize("create", [False, True])
def test_no_public_category_is_taken_for_an_internal_one(file, create):
    CategoryFactory(name="Facility")

    with pytest.raises(ImportRefused, match=r"'Facility \(internal\)' is neither a column nor a category"):
        import_papers(file(f"bibcode,Facility (internal)\n{BIBCODE},VLTI\n"), create_categories=create)
    with pytest.raises(ImportRefused, match="the column 'Facility' stands there twice"):
        import_papers(file("bibcode,Facility,Facility (internal)\n"), create_categories=create)
    with pytest.raises(ValidationError, match="ends as the columns of hidden categories do"):
        Category(name="Facility (internal)").full_clean()
    assert not Tag.objects.exists()


def test_tags_in_an_odd_vocabulary_order_come_back_in_that_order(file):
    category = CategoryFactory(name="Technique")
    zeta, alpha, mu = (TagFactory(name=n, category=category, position=p) for p, n in enumerate("ZAM"))
    PaperFactory(bibcode=BIBCODE, tags=[mu, zeta])
    PaperFactory(bibcode=OTHER, tags=[alpha, mu])
    PaperFactory(bibcode="2021ApJ...900L..12M", tags=[alpha, zeta])
    before = exported()
    empty_the_database()

    import_papers(file(before), create_categories=True)

    assert exported() == before


def test_hand_made_cells_that_contradict_each_other_are_read_all_the_same(file):
    report = import_papers(file(f"bibcode,Technique\n{BIBCODE},B; A\n{OTHER},A; B\n"), create_categories=True)

    assert (report.created, report.reasons) == (2, [])
    assert [tag.name for tag in Tag.objects.all()] == ["B", "A"]


def test_of_a_bare_bibcode_year_journal_volume_and_page_are_read_from_it(file):
    import_papers(file(f"bibcode\n{BIBCODE}\n"))

    paper = Paper.objects.get()
    assert (paper.year, paper.journal.bibstem, paper.volume, paper.page) == (2012, "A&A", "540", "A5")
    assert (paper.bare, paper.refereed, paper.sort_date) == (True, None, "2012-00-00")
    assert paper.added is not None


def test_the_file_wins_for_its_columns_an_empty_cell_clears_and_absent_columns_stay(file):
    PaperFactory(bibcode=BIBCODE, title="Old", doi="10.1/x", citations=5, authors=["A, B."], year=2011)

    report = import_papers(file(f"bibcode,title,citations,year\n{BIBCODE},New,,\n"))

    paper = Paper.objects.get()
    assert (paper.title, paper.citations, paper.year, paper.doi) == ("New", None, 2012, "10.1/x")
    assert paper.sort_title == "new"
    assert [a.author.name for a in paper.authorships.all()] == ["A, B."]
    assert (report.created, report.updated) == (0, 1)


def test_hidden_tags_and_tags_of_absent_columns_stay(file):
    hidden = HiddenTagFactory(name="oidb")
    vlti = TagFactory(name="VLTI", category=CategoryFactory(name="Facility"))
    chara = TagFactory(name="CHARA", category=vlti.category)
    nulling = TagFactory(name="Nulling", category=CategoryFactory(name="Technique"))
    paper = PaperFactory(bibcode=BIBCODE, tags=[hidden, vlti, nulling])

    import_papers(file(f"bibcode,Facility\n{BIBCODE},CHARA\n"))

    assert set(paper.tags.all()) == {hidden, chara, nulling}
    changes = TagAssignment.history.filter(history_change_reason="import of papers.csv")
    assert sorted(changes.values_list("history_type", "tag__name")) == [("+", "CHARA"), ("-", "VLTI")]


def test_a_paper_is_found_by_any_identifier_and_keeps_its_present_bibcode(file):
    paper = PaperFactory(bibcode=BIBCODE, doi="10.1051/0004-6361/1")
    Identifier.of(paper, "2012arXiv120100001D").save()

    by_old = import_papers(file("bibcode,title\n2012arXiv120100001D,From the e-print\n"))
    by_doi = import_papers(
        file(f"bibcode,doi,arxiv\n{OTHER},https://doi.org/10.1051/0004-6361/1,2012.00001\n")
    )

    paper.refresh_from_db()
    assert (by_old.updated, by_doi.updated, Paper.objects.count()) == (1, 1, 1)
    assert paper.title == "From the e-print"
    assert (paper.bibcode, paper.doi) == (OTHER, "10.1051/0004-6361/1")
    assert {i.value for i in paper.identifiers.all()} >= {BIBCODE, OTHER, "2012.00001", "2012arXiv120100001D"}


def test_preprint_that_was_published_stands_in_its_journal_also_without_that_column(file):
    paper = PaperFactory(bibcode="2022arXiv220100001A", arxiv="2201.00001")
    import_papers(file("bibcode,arxiv\n2022A&A...660A...9A,2201.00001\n"))
    paper.refresh_from_db()
    assert (paper.bibcode, paper.journal.bibstem, paper.volume, paper.page) == (
        "2022A&A...660A...9A", "A&A", "660", "A9",
    )  # fmt: skip
    import_papers(file("bibcode,title\n2022arXiv220100001A,By its old bibcode\n"))
    paper.refresh_from_db()
    assert (paper.journal.bibstem, paper.volume, paper.title) == ("A&A", "660", "By its old bibcode")


def test_paper_takes_the_year_of_its_new_bibcode_and_never_goes_back_to_its_preprint(file):
    paper = PaperFactory(bibcode="2019arXiv190100001C", doi="10.1/x", year=2019)
    import_papers(file("bibcode,doi\n2020A&A...641A..85C,10.1/x\n"))
    paper.refresh_from_db()
    assert (paper.bibcode, paper.year) == ("2020A&A...641A..85C", 2020)

    report = import_papers(file("bibcode,doi,title\n2019arXiv190100009C,10.1/x,A title\n"))

    paper.refresh_from_db()
    assert (report.updated, paper.title) == (1, "A title")
    assert (paper.bibcode, paper.journal.bibstem, paper.volume, paper.page, paper.year) == (
        "2020A&A...641A..85C", "A&A", "641", "A85", 2020,
    )  # fmt: skip
    assert Identifier.objects.get(key="2019arxiv190100009c").paper == paper
    columns, row = (
        "bibcode,doi,year,journal,volume,page,arxiv",
        "2019arXiv190100009C,,2019,arXiv,,x,1901.00009",
    )
    assert import_papers(file(f"{columns}\n{row}\n")).reasons == []
    paper.refresh_from_db()
    assert (paper.journal.bibstem, paper.volume, paper.page, paper.year, paper.doi, paper.arxiv) == (
        "A&A", "641", "A85", 2020, "10.1/x", "1901.00009",
    )  # fmt: skip
    again = import_papers(file("bibcode,doi,title\n2019arXiv190100009C,10.1/x,A title\n"))
    assert (again.updated, again.unchanged) == (0, 1)


@pytest.mark.parametrize(
    "identifier",
    ["10.1051/0004-6361/1", "https://doi.org/10.1051/0004-6361/1", "arXiv:1203.1234v2", "1203.1234"],
)
def test_another_identifier_in_place_of_the_bibcode_finds_a_paper_that_is_here(file, identifier):
    paper = PaperFactory(bibcode=BIBCODE, doi="10.1051/0004-6361/1", arxiv="1203.1234")
    kept = set(paper.identifiers.values_list("value", flat=True))

    report = import_papers(file(f"bibcode,title\n{identifier},New\n"))

    paper.refresh_from_db()
    assert (report.updated, report.refused, paper.title, paper.bibcode) == (1, 0, "New", BIBCODE)
    assert set(paper.identifiers.values_list("value", flat=True)) == kept


def test_a_new_paper_needs_its_bibcode(file):
    PaperFactory(bibcode=BIBCODE, doi="10.1/x")

    report = import_papers(file("bibcode,doi\n10.1051/elsewhere,\n1203.1234,10.1/x\n"))

    needs = "here, and a new one needs its bibcode"
    assert report.reasons == [
        (2, f"bibcode: there is no paper 10.1051/elsewhere {needs}"),
        (3, f"bibcode: there is no paper 1203.1234 {needs}"),
    ]
    assert Paper.objects.get().bibcode == BIBCODE


def test_authors_are_replaced_in_order_and_the_list_is_sorted_by_the_new_first_author(file):
    PaperFactory(bibcode=BIBCODE, authors=["Zeta, Z.", "Mérand, A."])

    import_papers(file(f'bibcode,authors\n{BIBCODE},"Mérand, A.; Zeta, Z.; Mérand, A."\n'))

    paper = Paper.objects.get()
    assert [a.author.name for a in paper.authorships.all()] == ["Mérand, A.", "Zeta, Z.", "Mérand, A."]
    assert paper.sort_author == "merand a"


def test_the_time_of_entry_stays_while_the_date_is_the_same(file):
    time = datetime(2026, 3, 1, 17, 5, tzinfo=UTC)
    PaperFactory(bibcode=BIBCODE, added=time)

    same = import_papers(file(f"bibcode,added\n{BIBCODE},2026-03-01\n"))
    assert (same.unchanged, Paper.objects.get().added) == (1, time)

    import_papers(file(f"bibcode,added\n{BIBCODE},2026-03-02\n"))
    assert Paper.objects.get().added == datetime(2026, 3, 2, tzinfo=UTC)

    import_papers(file(f"bibcode,added\n{BIBCODE},\n"))
    assert Paper.objects.get().added is None


def test_a_repeated_import_changes_nothing_at_all(file):
    path = file(f"bibcode,title,authors,Facility,doi\n{BIBCODE},T,A; B,VLTI,10.1/x\n{OTHER},,,,\n")
    import_papers(path, create_categories=True)
    before = (DataState.current().number, Paper.history.count(), TagAssignment.history.count())

    report = import_papers(path, create_categories=True)

    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert (DataState.current().number, Paper.history.count(), TagAssignment.history.count()) == before


def test_an_import_that_was_interrupted_goes_on_where_it_was(file, monkeypatch):
    monkeypatch.setattr("publications.imports.files.BATCH", 2)
    codes = [f"2012A&A...540A.{number}D" for number in range(100, 105)]
    path = file("bibcode\n" + "\n".join(codes) + "\n")

    def interrupted(rows):
        for number, row in enumerate(rows):
            if number == 3:
                raise KeyboardInterrupt
            yield row

    with pytest.raises(KeyboardInterrupt):
        import_papers(path, progress=interrupted)
    assert Paper.objects.count() == 2

    report = import_papers(path)
    assert (report.created, report.unchanged, Paper.objects.count()) == (3, 2, 5)


def test_a_tag_that_goes_while_a_file_is_read_is_refused_by_name(file, monkeypatch):
    monkeypatch.setattr("publications.imports.files.BATCH", 1)
    facility = CategoryFactory(name="Facility")
    vlti = TagFactory(name="VLTI", category=facility)
    TagFactory(name="CHARA", category=facility)

    def while_reading(rows):
        for row in rows:
            if row.bibcode == OTHER:
                vlti.delete()
            yield row

    report = import_papers(file(f"bibcode,Facility\n{BIBCODE},CHARA\n{OTHER},VLTI\n"), progress=while_reading)

    assert (report.created, report.reasons) == (1, [(3, "Facility: there is no tag 'VLTI'")])


def test_a_dry_run_counts_and_writes_nothing(file):
    path = file(f"bibcode,title,authors,Facility\n{BIBCODE},T,A,VLTI\nnonsense,,,\n")

    report = import_papers(path, create_categories=True, dry_run=True)

    assert (report.created, report.refused, report.made) == (1, 1, {"categories made": 1, "tags made": 1})
    assert not any(model.objects.exists() for model in (Paper, Author, Category, Tag, Journal))
    assert DataState.current().number == 0


def test_a_byte_order_mark_is_accepted(file):
    assert import_papers(file(b"\xef\xbb\xbf" + f"bibcode\r\n{BIBCODE}\r\n".encode())).created == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no column 'bibcode'"),
        (b"title,year\n", "no column 'bibcode'"),
        (b"bibcode;title\n", "separated by commas"),
        (b"bibcode,title,title\n", "the column 'title' stands there twice"),
        (b"bibcode,,title\n", "a column has no name"),
        (b"bibcode,Fasility\n", "'Fasility' is neither a column nor a category"),
        (f"bibcode,title\n{BIBCODE},Mérand\n".encode("latin-1"), "line 2: not UTF-8"),
        (f"bibcode,title\n{BIBCODE},x\n".encode("utf-16"), "line 1: not UTF-8"),
        (f"bibcode,title\n{BIBCODE},a\0b\n".encode(), "line 2: a zero byte"),
        (f'bibcode,title\n{BIBCODE},"a"b\n'.encode(), "line 2: the CSV is broken"),
        (f'bibcode,title\n{BIBCODE},x\n{OTHER},"never closed\n'.encode(), "line 3: the CSV is broken"),
    ],
)
def test_a_damaged_file_is_refused_whole(file, content, words):
    with pytest.raises(ImportRefused, match=words):
        import_papers(file(content))

    assert not Paper.objects.exists()


@pytest.mark.parametrize(
    ("columns", "cells", "words"),
    [
        ("", "2012A&A", "bibcode: a bibcode has 19 characters"),
        ("", "", None),
        ("title", f"{BIBCODE}", "1 cells where the first line has 2"),
        ("title", f"{BIBCODE},a,b", "3 cells where the first line has 2"),
        ("title", f"{BIBCODE},{'x' * 10 * 2**20}", "title: 10485760 characters, at most 5000"),
        ("title", f"{BIBCODE},a\x07b", r"title: holds the control character U\+0007"),
        ("title", f"{BIBCODE},a\ufffeb", r"title: holds the control character U\+FFFE"),
        ("year", f"{BIBCODE},1066", "year: '1066' is not a whole number from 1400 to 2100"),
        ("year", f"{BIBCODE},²", "year: '²' is not a whole number"),
        ("pubdate", f"{BIBCODE},2012-13-00", "pubdate: '2012-13-00' is not a date"),
        ("journal", f"{BIBCODE},Astronomy and Astrophysics", "journal: .* is not a bibstem"),
        ("volume", f"{BIBCODE},{'9' * 61}", "volume: 61 characters, at most 60"),
        ("doi", f"{BIBCODE},{'9' * 251}", "doi: 251 characters, at most 250"),
        ("refereed", f"{BIBCODE},yes", "refereed: 'yes' is neither true, false nor empty"),
        ("citations", f"{BIBCODE},-1", "citations: '-1' is not a whole number"),
        ("added", f"{BIBCODE},2026-02-30", "added: '2026-02-30' is no day"),
        ("authors", f"{BIBCODE},A; ; B", "authors: an empty name"),
        ("authors", f"{BIBCODE},A;", "authors: 'A;' contains or ends with"),
        ("authors", f"{BIBCODE},{'x' * 251}", "authors: a name of 251 characters, at most 250"),
        ("Facility", f"{BIBCODE},Hubble", "Facility: there is no tag 'Hubble'"),
        ("Facility", f"{BIBCODE},Nulling", "Facility: the tag 'Nulling' is in category Technique"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_the_good_rows_are_kept(file, columns, cells, words):
    CategoryFactory(name="Facility")
    TagFactory(name="Nulling", category=CategoryFactory(name="Technique"))
    header = f"bibcode,{columns}".rstrip(",")
    good = OTHER + header.count(",") * ","

    report = import_papers(file(f"{header}\n{cells}\n{good}\n"))

    assert Paper.objects.filter(bibcode=OTHER).exists()
    if words:
        assert report.created == 1
        assert [line for line, _ in report.reasons] in ([2], [3])
        assert_matches(report.reasons[0][1], words)


@pytest.mark.parametrize("name", [*HEADER.split(","), "Title"])
def test_no_category_has_the_name_of_another_column(file, name):
    with pytest.raises(ValidationError, match="is the name of another column"):
        Category(name=name).full_clean()
    content = f"<publications><category><name>{name}</name></category></publications>"
    with pytest.raises(ImportRefused, match=f"the category '{name}' cannot be made: "):
        import_papers(file(content, "papers.xml"))


def assert_matches(text, words):
    with pytest.raises(ValueError, match=words):
        raise ValueError(text)


def test_a_paper_that_stands_in_two_rows_is_read_once(file):
    report = import_papers(
        file(
            f"bibcode,title,doi\n{BIBCODE},first,10.1/x\n{OTHER},other,\n{BIBCODE},again,\n2021ApJ...900L..12M,doi,10.1/X\n"
        )
    )

    assert report.created == 2
    assert report.reasons == [(4, ANY), (5, ANY)]
    assert all(reason.endswith("the same paper as in line 2") for _, reason in report.reasons)
    assert Paper.objects.get(bibcode=BIBCODE).title == "first"


def test_a_paper_is_read_once_from_rows_far_apart(file, monkeypatch):
    monkeypatch.setattr("publications.imports.files.BATCH", 1)

    report = import_papers(file(f"bibcode,title\n{BIBCODE},first\n{OTHER},other\n{BIBCODE},again\n"))

    assert report.reasons == [(4, f"{BIBCODE}: the same paper as in line 2")]


def test_identifiers_of_two_papers_in_one_row_are_refused(file):
    PaperFactory(bibcode=BIBCODE, doi="10.1/x")
    PaperFactory(bibcode=OTHER, title="Untouched")

    report = import_papers(file(f"bibcode,title,doi\n{OTHER},Mixed,10.1/x\n"))

    assert report.reasons == [(2, f"{OTHER}: its identifiers belong to two different papers")]
    assert Paper.objects.get(bibcode=OTHER).title == "Untouched"


def test_the_line_of_a_bad_row_counts_the_lines_inside_quotes(file):
    report = import_papers(file(f'bibcode,title\n{BIBCODE},"two\nlines"\n\nnonsense,x\n'))

    assert [line for line, _ in report.reasons] == [5]


def test_the_command_names_the_lines_and_fails_when_a_row_was_bad(file, capsys):
    path = file(f"bibcode,title\n{BIBCODE},T\nnonsense,x\n")

    with pytest.raises(CommandError, match=r"1 created.*1 refused"):
        call_command("import_papers", str(path))

    assert "line 3: bibcode: a bibcode has 19 characters" in capsys.readouterr().err
    assert Paper.objects.count() == 1


def test_the_command_refuses_what_it_cannot_read(file, tmp_path):
    with pytest.raises(CommandError, match=r"must end in \.csv or \.xml"):
        call_command("import_papers", str(file("bibcode\n", "papers.txt")))
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_papers", str(tmp_path / "missing.csv"))


def test_a_batch_takes_a_fixed_number_of_queries(file, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(content):
        with CaptureQueriesContext(connection) as captured:
            import_papers(file(content), create_categories=True)
        return len(captured)

    few = queries(f"bibcode,authors,Facility\n{BIBCODE},A; B,VLTI\n")
    many = queries(
        "bibcode,authors,Facility\n" + "".join(f"2015A&A...540A.{n}D,C; D{n},VLTI\n" for n in range(100, 140))
    )

    assert many <= few


def test_of_very_many_bad_rows_the_first_are_told_and_the_rest_counted(file, monkeypatch):
    monkeypatch.setattr("publications.imports.report.KEPT", 2)

    report = import_papers(file("bibcode\n" + "nonsense\n" * 5))

    assert report.lines()[0].startswith("line 2: bibcode: a bibcode has 19 characters")
    assert report.lines()[2:] == ["… and 3 more"]


def test_what_was_imported_is_found_by_the_search_at_once(file):
    import_papers(file(f'bibcode,title,authors\n{BIBCODE},Pinwheel nebula,"Mérand, A."\n'))
    text = SearchText.objects.get(paper__bibcode=BIBCODE)
    assert ("pinwheel" in text.title, "merand" in text.authors) == (True, True)

    import_papers(file(f'bibcode,title,authors\n{BIBCODE},Dusty disk,"Duvert, G."\n'))
    text.refresh_from_db()
    assert ("pinwheel" in text.title, "dusty" in text.title) == (False, True)
    assert ("merand" in text.authors, "duvert" in text.authors) == (False, True)
