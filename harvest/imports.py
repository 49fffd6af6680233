"""Files of papers to keep out → the blocklist."""

from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.db import transaction

from harvest.models import BlocklistEntry
from publications.imports import values
from publications.imports.files import batches
from publications.imports.report import BadRow, ImportRefused, Report
from publications.imports.table import Table

BATCH = 1000
LONGEST_NOTE = 2000
Reason = BlocklistEntry.Reason
REASONS = {name.casefold(): value for value, label in Reason.choices for name in (value, label)}


def import_blocklist(path, *, progress=iter):
    """Import a `.xml` or `.csv` file; returns the `Report`.

    A bibcode that is blocked already keeps its reason, unless that is "no reason given".

    Raises
    ------
    ImportRefused
        With the line and the reason, before anything was written.
    """
    report = Report()
    read = xml_entries if str(path).lower().endswith(".xml") else csv_entries
    for _ in read(path, Report()):  # a damaged file is refused before anything is written
        pass
    for entries in batches(progress(read(path, report)), BATCH):
        block(entries, report)
    return report


def csv_entries(path, report):
    """Yield ``(bibcode, reason, note)`` of a CSV file; reason and note may lack."""
    for line, cells in Table(path).rows():
        try:
            if isinstance(cells, BadRow):
                raise cells
            reason = cells.get("reason", "").strip()
            if reason and reason.casefold() not in REASONS:
                raise BadRow(f"reason: {reason[:40]!r} is none of {', '.join(Reason.values)}")
            note = values.text(LONGEST_NOTE)(cells.get("note", "").strip())
            yield values.bibcode(cells["bibcode"]), REASONS.get(reason.casefold(), Reason.UNCURATED), note
        except BadRow as error:
            report.refuse(line, error)


def xml_entries(path, report):
    """Yield the same of ``<group><description/><bibcode/>…</group>``; counted are the bibcodes."""
    number = 0
    try:
        for _, element in iterparse(path):
            if element.tag != "group":
                continue
            if "tag" in element.attrib:
                raise ImportRefused("its groups have tags: that is a file of software, for import_groups")
            description = (element.findtext("description") or "").strip()[:LONGEST_NOTE]
            reason = REASONS.get(description.casefold())
            for bibcode in element.iter("bibcode"):
                number += 1
                try:
                    note = "" if reason else values.text(LONGEST_NOTE)(description)
                    yield values.bibcode(bibcode.text or ""), reason or Reason.UNCURATED, note
                except BadRow as error:
                    report.refuse(number, error)
            element.clear()
    except DefusedXmlException as error:
        raise ImportRefused("the file declares entities, which are not accepted") from error
    except (ParseError, LookupError, ValueError) as error:
        raise ImportRefused(f"the XML cannot be read ({error})") from error
    if not number:
        raise ImportRefused("no <bibcode> stands in a <group> of it, as in the predecessor's file")


@transaction.atomic
def block(entries, report):
    known = BlocklistEntry.objects.in_bulk([bibcode for bibcode, _, _ in entries], field_name="bibcode")
    for bibcode, reason, note in entries:
        entry = known.get(bibcode)
        if entry is None:
            known[bibcode] = BlocklistEntry.objects.create(bibcode=bibcode, reason=reason, note=note)
            report.created += 1
        elif completed(entry, reason, note):
            entry.save()
            report.updated += 1
        else:
            report.unchanged += 1


def completed(entry, reason, note):
    """Whether the file knows a reason or a note where there was none."""
    before = (entry.reason, entry.note)
    if entry.reason == Reason.UNCURATED:
        entry.reason = reason
    entry.note = entry.note or note
    return (entry.reason, entry.note) != before
