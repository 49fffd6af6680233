"""Targets from a table: found by any name, linked, never moved, never weakened."""

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from publications.imports.targets import import_targets
from publications.models import Target, TargetAlias, TargetLink
from publications.sky import separation
from tests.factories import PaperFactory, TargetFactory

BIBCODE = "2012A&A...540A...5D"
HEADER = "bibcode,name,ra,dec,otype"


@pytest.fixture
def table(tmp_path):
    def write(*rows, header=HEADER):
        path = tmp_path / "targets.csv"
        path.write_text("\n".join([header, *rows]) + "\n")
        return path

    return write


@pytest.mark.django_db
def test_a_target_is_made_and_linked_and_a_repeat_changes_nothing(table):
    paper = PaperFactory(bibcode=BIBCODE)
    path = table(f"{BIBCODE},HD 39801,88.7929392,7.4070639,V*", f"{BIBCODE},Nowhere,,,")

    assert import_targets(path).created == 2
    assert import_targets(path).unchanged == 2

    star = Target.objects.get(name="HD 39801")
    assert (star.ra, star.dec, star.otype, star.history.count()) == (88.7929392, 7.4070639, "V*", 1)
    assert Target.objects.get(name="Nowhere").ra is None
    assert set(paper.target_links.values_list("kind", flat=True)) == {"curated"}


@pytest.mark.django_db
def test_a_target_is_found_by_any_of_its_names(table):
    PaperFactory(bibcode=BIBCODE)
    star = TargetFactory(name="HD 39801", ra=88.79, dec=7.40)
    TargetAlias.objects.create(target=star, name="alf Ori")

    import_targets(table(f"{BIBCODE},* alpha Ori,88.79,7.40,V*", f"{BIBCODE},HD39801,,,"))

    assert Target.objects.get().links.count() == 1
    assert Target.objects.get().otype == "V*"


@pytest.mark.django_db
def test_a_paper_is_named_by_any_of_its_identifiers(table):
    paper = PaperFactory(bibcode=BIBCODE, doi="10.1051/0004-6361/1", arxiv="1203.1234")

    report = import_targets(
        table("doi:10.1051/0004-6361/1,HD 1,,,", "1203.1234v2,HD 2,,,", "10.1051/elsewhere,HD 3,,,")
    )

    assert set(paper.targets.values_list("name", flat=True)) == {"HD 1", "HD 2"}
    assert (report.created, report.refused, report.made["of papers that are not here"]) == (2, 0, 1)


@pytest.mark.django_db
def test_a_position_that_differs_is_reported_and_not_taken_over(table):
    PaperFactory(bibcode=BIBCODE)
    TargetFactory(name="HD 1", ra=359.9999, dec=0)
    TargetFactory(name="HD 2", ra=10, dec=80)

    report = import_targets(table(f"{BIBCODE},HD 1,0.0001,0,", f"{BIBCODE},HD 2,10.001,80,"))

    # 0.0002° = 0.72″ across ra 0; 0.001° x cos 80° = 0.63″.
    assert report.remarks == []
    report = import_targets(table(f"{BIBCODE},HD 2,10,80.01,"))
    assert report.remarks == [(2, "HD 2: 36.0″ from where it is known to be, which is kept")]
    assert Target.objects.get(name="HD 2").dec == 80


@pytest.mark.django_db
def test_the_links_of_jmdc_are_measured_and_no_link_is_weakened(table):
    PaperFactory(bibcode=BIBCODE)

    import_targets(table(f"{BIBCODE},HD 1,10,20,*"), kind="listed")
    import_targets(table(f"{BIBCODE},HD 1,10,20,*,optical interferometry", header=f"{HEADER},method"))
    import_targets(table(f"{BIBCODE},HD 1,10,20,*"), kind="named")

    assert TargetLink.objects.get().kind == "measured"


@pytest.mark.django_db
def test_papers_that_are_not_here_are_counted_and_bring_no_target(table):
    report = import_targets(table(f"{BIBCODE},HD 1,10,20,*"))

    assert (report.made, report.refused) == ({"of papers that are not here": 1}, 0)
    assert not Target.objects.exists()


@pytest.mark.django_db
def test_bad_rows_are_named_and_the_good_ones_kept(table, capsys):
    PaperFactory(bibcode=BIBCODE)
    cells = [
        "HD 1,361,1,",
        "**,1,1,",
        "HD 1,1,-91,",
        "HD 1,1,,",
        "HD 1,nan,1,",
        "HD 1,1",
        f"{'x' * 121},1,1,",
    ]
    bad = ["x,HD 1,1,1,", *(f"{BIBCODE},{cell}" for cell in cells)]

    with pytest.raises(CommandError, match=r"1 created.*8 refused"):
        call_command("import_targets", str(table(*bad, f"{BIBCODE},HD 2,360,1,")))

    errors = capsys.readouterr().err
    assert [f"line {n}:" in errors for n in range(2, 11)] == [True] * 8 + [False]
    assert "line 3: ra: '361' is not a number of degrees from 0 to 360" in errors
    assert "line 6: ra and dec: one of them is empty" in errors
    assert Target.objects.get().ra == 0


@pytest.mark.django_db
def test_a_table_without_its_columns_is_refused(table):
    with pytest.raises(CommandError, match=r"Nothing was imported. line 1: no column 'dec'"):
        call_command("import_targets", str(table(header="bibcode,name,ra,otype")))


@pytest.mark.parametrize(
    ("positions", "degrees"),
    [
        ((0, 0, 90, 0), 90),
        ((359.5, 0, 0.5, 0), 1),
        ((10, 90, 200, 90), 0),
        ((0, 89, 180, 89), 2),
        ((0, -90, 77, 90), 180),
    ],
)
def test_a_separation_is_along_the_great_circle(positions, degrees):
    assert separation(*positions) == pytest.approx(degrees, abs=1e-9)


@given(st.floats(0, 359.999), st.floats(-90, 90), st.floats(1e-9, 1e-3))
def test_the_smallest_separations_are_exact(ra, dec, apart):
    other = dec - apart if dec > 0 else dec + apart

    assert separation(ra, dec, ra, other) == pytest.approx(abs(other - dec), rel=1e-5, abs=1e-13)
