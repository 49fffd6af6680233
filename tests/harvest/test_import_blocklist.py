"""Blocklists of the predecessor (XML) and of tables (CSV)."""

import pytest
from django.core.management import CommandError, call_command

from harvest.imports import import_blocklist
from harvest.models import BlocklistEntry
from publications.imports.report import ImportRefused

pytestmark = pytest.mark.django_db
BIBCODE = "2012A&A...540A...5D"
XML = """<groups>
  <group><description>Radio interferometry</description><bibcode>2012A&amp;A...540A...5D</bibcode></group>
  <group><description>only cites</description><bibcode>2020ApJ...900L..12M</bibcode></group>
  <group><description>Only cites interferometry</description><bibcode>2021ApJ...900L..12M</bibcode></group>
</groups>"""


@pytest.fixture
def file(tmp_path):
    def write(content, name):
        path = tmp_path / name
        path.write_text(content)
        return path

    return write


def entries():
    return list(BlocklistEntry.objects.values_list("bibcode", "reason", "note"))


def test_a_description_of_the_xml_is_the_note_unless_it_is_a_reason(file):
    assert import_blocklist(file(XML, "blocklist.xml")).created == 3

    assert entries() == [
        (BIBCODE, "uncurated", "Radio interferometry"),
        ("2020ApJ...900L..12M", "uncurated", "only cites"),
        ("2021ApJ...900L..12M", "only-cites", ""),
    ]


def test_a_single_group_is_a_file_too(file):
    content = "<group><description/><bibcode>2020ApJ...900L..12M</bibcode></group>"

    assert import_blocklist(file(content, "b.xml")).created == 1


def test_a_table_has_bibcode_and_maybe_reason_and_note(file):
    import_blocklist(
        file(f"bibcode,reason,note\n{BIBCODE},duplicate,of another\n2020ApJ...900L..12M,,\n", "b.csv")
    )

    assert entries() == [(BIBCODE, "duplicate", "of another"), ("2020ApJ...900L..12M", "uncurated", "")]


def test_a_reason_that_a_curator_gave_stays_and_a_repeat_changes_nothing(file):
    BlocklistEntry.objects.create(bibcode=BIBCODE, reason="not-interferometry", note="ours")
    path = file(
        f"bibcode,reason,note\n{BIBCODE},duplicate,theirs\n2020ApJ...900L..12M,only-cites,\n", "b.csv"
    )

    assert (import_blocklist(path).created, import_blocklist(path).unchanged) == (1, 2)
    assert entries()[0] == (BIBCODE, "not-interferometry", "ours")


def test_bad_rows_are_named_and_the_good_ones_kept(file, capsys):
    path = file(f"bibcode,reason\nnonsense,\n{BIBCODE},because\n2020ApJ...900L..12M,only-cites\n", "b.csv")

    with pytest.raises(CommandError, match=r"1 created.*2 refused"):
        call_command("import_blocklist", str(path))

    errors = capsys.readouterr().err
    assert "line 2: a bibcode has 19 characters" in errors
    assert "line 3: reason: 'because' is none of not-interferometry" in errors


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<group><bibcode>2020ApJ...900L..12M</bibcode></group><x", "cannot be read"),
        (
            "<publications><e><bibcode>2020ApJ...900L..12M</bibcode></e></publications>",
            "no <bibcode> stands in",
        ),
        (
            "<groups><group><description>Radio</description></group></groups>",
            "no <bibcode> stands in a <group>",
        ),
        (
            '<jmmc><group tag="LITpro"><bibcode>2020ApJ...900L..12M</bibcode></group></jmmc>',
            "for import_groups",
        ),
        ('<!DOCTYPE g [<!ENTITY a "x">]><group><description>&a;</description></group>', "declares entities"),
    ],
)
def test_a_damaged_file_or_another_kind_of_xml_is_refused_whole(file, content, words):
    with pytest.raises(ImportRefused, match=words):
        import_blocklist(file(content, "b.xml"))

    assert entries() == []
