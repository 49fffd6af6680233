import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.management.commands.import_source import Command
from harvest.models import HarvestRun
from harvest.sources import BrokenSource, import_source, read_list
from publications.models import SourceRecord
from tests.factories import PaperFactory

A, B = "2012A&A...540A...5D", "1999ApJ...525L..97M"


def test_jmdc_tells_interferometry_by_method():
    text = f"ID1,BIBCODE,METHOD\nVega,{A},1\nMira,{B},2\nX,2012............5D,1\n"
    assert read_list(text) == {A: True, B: False}
    assert read_list(f"BIBCODE,METHOD\n{B},2\n{B},3\n") == {B: True}


def test_bare_list_is_understood():
    assert read_list(f"{A}\n{B}, x") == {A: True, B: True}


@given(st.text())
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(BrokenSource):
        assert read_list(text)


@pytest.mark.django_db
def test_records_follow_the_list_and_lead_to_papers():
    paper = PaperFactory(bibcode=A)
    run = import_source("telbib", f"{A}\n{B}")
    assert (run.found, run.new) == (2, 2)
    assert SourceRecord.objects.get(bibcode=A).paper == paper
    run = import_source("telbib", A)
    assert (run.new, run.changed) == (0, 1)
    assert list(SourceRecord.objects.values_list("bibcode", flat=True)) == [A]


@pytest.mark.django_db
def test_list_that_shrinks_much_or_is_empty_changes_nothing():
    bibcodes = [f"2012A&A...540A..{n}D" for n in range(10, 40)]
    import_source("oidb", "\n".join(bibcodes))
    for text in ("", "\n".join(bibcodes[:15])):
        with pytest.raises(BrokenSource):
            import_source("oidb", text)
    assert SourceRecord.objects.count() == 30
    assert HarvestRun.objects.filter(status="failed").count() == 2
    import_source("oidb", "\n".join(bibcodes[:15]), allow_removals=True)
    assert SourceRecord.objects.count() == 15


def test_help_names_the_sources():
    assert "telbib" in Command().create_parser("manage.py", "import_source").format_help()
