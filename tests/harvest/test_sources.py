import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest import tasks
from harvest.management.commands.import_source import Command
from harvest.models import HarvestRun
from harvest.source_lists import BrokenSource, SourceUnavailable, read_list
from harvest.sources import import_source
from publications.models import SourceRecord
from tests.factories import PaperFactory
from tests.harvest.other_databases import OtherDatabases
from tests.harvest.site import free_port

A, B = "2012A&A...540A...5D", "1999ApJ...525L..97M"
TELBIB = "<r><n>{}</n><article><bibcode>2012A&amp;A...540A...5D</bibcode></article></r>"


@pytest.fixture
def databases(settings):
    with OtherDatabases() as databases:
        settings.TELBIB_URL = f"{databases.url}/telbib?telescope[]=vlti+visitor&telescope[]=vlti"
        settings.OIDB_TAP_URL = f"{databases.url}/oidb"
        settings.JMDC_URL = f"{databases.url}/jmdc"
        databases.papers = [f"2012A&A...{n // 1000 + 540}A{n % 1000:.>4}D" for n in range(2600)]
        yield databases


def test_jmdc_tells_interferometry_by_method():
    text = f"ID1,BIBCODE,METHOD\nVega,{A},1\nMira,{B},2\nX,2012............5D,1\n"
    assert read_list(text) == {A: True, B: False}
    assert read_list(f"BIBCODE,METHOD\n{B},2\n{B},3\n") == {B: True}


def test_bare_list_is_understood():
    assert read_list(f"{A}\n{B}, x") == {A: True, B: True}


def test_telbibs_xml_is_understood_when_it_is_whole():
    assert read_list(TELBIB.format(1)) == {A: True}
    with pytest.raises(BrokenSource, match="announces 2 papers and holds 1"):
        read_list(TELBIB.format(2))


@pytest.mark.parametrize("text", ["<html><p>2012A&amp;A...540A...5D</p></html>", "<html><br>", "<r/>"])
def test_a_page_for_people_is_no_list(text):
    with pytest.raises(BrokenSource, match="XML"):
        read_list(text)


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


@pytest.mark.django_db
@pytest.mark.parametrize(("source", "calls"), [("telbib", 6), ("oidb", 4), ("jmdc", 1)])
def test_a_list_is_read_from_its_address_to_its_end(databases, source, calls):
    run = import_source(source)

    listed = SourceRecord.objects.filter(source=source)
    assert set(listed.values_list("bibcode", flat=True)) == set(databases.papers)
    assert (run.found, run.new, run.calls) == (2600, 2600, {source: calls})
    assert run.queries == [{"query": source, "found": 2600}]
    assert listed.filter(interferometric=True).count() == (1733 if source == "jmdc" else 2600)
    assert import_source(source).changed == 0


@pytest.mark.django_db
@pytest.mark.parametrize("source", SourceRecord.Source.values)
@pytest.mark.parametrize("fault", [500, 429, 404, "", "<html>Please wait</html>", "bib_reference\n"])
def test_a_source_that_fails_changes_nothing_and_says_so(databases, source, fault):
    import_source(source, f"{A}\n{B}")
    databases.fault = fault

    with pytest.raises(BrokenSource) as caught:
        import_source(source)

    assert isinstance(caught.value, SourceUnavailable) is (fault in (500, 429))
    assert SourceRecord.objects.count() == 2
    run = HarvestRun.objects.first()
    assert (run.status, run.errors, run.calls) == ("failed", [str(caught.value)], {source: 1})


@pytest.mark.django_db
def test_telbib_that_ends_before_the_announced_number_changes_nothing(databases):
    databases.fault = "<r><numFound>700</numFound></r>"
    with pytest.raises(BrokenSource, match="announces 700 papers and gives 0"):
        import_source("telbib")
    assert not SourceRecord.objects.exists()


@pytest.mark.django_db
def test_the_weekly_task_reads_all_and_one_that_is_away_leaves_the_others_alone(databases, settings):
    settings.OIDB_TAP_URL = f"http://127.0.0.1:{free_port()}"
    # Called as a function, a task that would try again raises what made it so.
    with pytest.raises(SourceUnavailable):
        tasks.import_sources()
    assert set(SourceRecord.objects.values_list("source", flat=True)) == {"telbib", "jmdc"}


def test_help_names_the_sources():
    assert "telbib" in Command().create_parser("manage.py", "import_source").format_help()
