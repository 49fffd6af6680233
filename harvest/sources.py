"""Lists of other databases: ESO telbib, OiDB (TAP), JMDC (CSV)."""

import csv
import io
import re

import requests
from django.conf import settings
from django.db import transaction

from harvest.jobs import recorded
from harvest.known import keys_of
from harvest.models import HarvestRun
from harvest.sync_diff import FEW, SHARE
from publications import bibcode as bibcodes
from publications.models import Identifier, SourceRecord

TIMEOUT = (5, 75)
PAGE = 2000
BIBCODE_COLUMNS = ("bibcode", "bib_reference", "reference")
NO_BIBCODE = "............"
Source = SourceRecord.Source


class BrokenSource(Exception):
    """The list cannot be had or understood, or it would remove too much; nothing was changed."""


def read_list(text):
    """Bibcode → whether interferometry measured it, from CSV or from a bare list of bibcodes.

    With a column ``METHOD``, 1 or 3 in it means interferometry (JMDC); without, everything counts.

    Raises
    ------
    BrokenSource
    """
    rows = [row for row in csv.reader(text.lstrip("\ufeff").splitlines()) if row]
    header = [name.strip().casefold() for name in rows[0]] if rows else []
    column = next((header.index(name) for name in BIBCODE_COLUMNS if name in header), None)
    method = header.index("method") if "method" in header else None
    if column is None:
        found = {word for word in re.split(r"[\s,;\"]+", text) if bibcodes.is_bibcode(word)}
        listed = dict.fromkeys(found, True)
    else:
        listed = {}
        for row in rows[1:]:
            if (
                len(row) <= column
                or NO_BIBCODE in row[column]
                or not bibcodes.is_bibcode(row[column].strip())
            ):
                continue
            by_method = method is None or (len(row) > method and bool(re.search("[13]", row[method])))
            bibcode = row[column].strip()
            listed[bibcode] = listed.get(bibcode, False) or by_method
    if not listed:
        raise BrokenSource("there is no bibcode in it: an empty list is taken for an error")
    return listed


def fetch(source):
    """The list of a source from its address in the settings, as text."""
    if source == Source.OIDB:
        return fetch_oidb()
    name = f"{source.upper()}_URL"
    return get(address(name)).text


def address(name):
    url = getattr(settings, name)
    if not url:
        raise BrokenSource(f"{name} is not set: set it, or give a file")
    return url


def get(url, **options):
    try:
        response = requests.get(url, timeout=TIMEOUT, **options)
        response.raise_for_status()
    except requests.RequestException as error:
        raise BrokenSource(f"no list from {url}: {error}") from error
    return response


def fetch_oidb():
    """All references of OiDB's table, page after page: its TAP service cuts long answers."""
    url, references, last = address("OIDB_TAP_URL"), [], ""
    while True:
        query = f"SELECT DISTINCT TOP {PAGE} bib_reference FROM oidb"  # noqa: S608 (no outside text in it)
        if last:
            query += " WHERE bib_reference > '{}'".format(last.replace("'", "''"))
        parameters = {"REQUEST": "doQuery", "LANG": "ADQL", "FORMAT": "csv", "MAXREC": PAGE}
        text = get(f"{url}/sync", params={**parameters, "QUERY": f"{query} ORDER BY bib_reference"}).text
        rows = [row[0].strip() for row in csv.reader(io.StringIO(text)) if row]
        if not rows or rows[0].casefold() != "bib_reference":
            raise BrokenSource(f"{url} did not answer with a table of bib_reference")
        references += rows[1:]
        if len(rows) - 1 < PAGE or rows[-1] == last:
            return "\n".join(["bib_reference", *references])
        last = rows[-1]


def import_source(source, text=None, by=None, allow_removals=False):
    """Make our records of ``source`` those of its list (``text``, or what its address gives).

    Raises
    ------
    BrokenSource
        Also when more than a tenth of the records, and more than ten, would go.
    """
    with recorded(HarvestRun.Job.SOURCE, None, by) as run:
        run.progress(f"reading the list of {source}")
        listed = read_list(fetch(source) if text is None else text)
        with transaction.atomic():
            replace(run, source, listed, allow_removals)
    return run


def replace(run, source, listed, allow_removals):
    known = {record.bibcode: record for record in SourceRecord.objects.filter(source=source)}
    gone = known.keys() - listed.keys()
    if len(gone) > FEW and len(gone) > SHARE * len(known) and not allow_removals:
        raise BrokenSource(f"{len(gone)} of {len(known)} records would be removed: allow it if that is right")
    papers = dict(Identifier.objects.filter(key__in=keys_of(listed)).values_list("key", "paper_id"))
    SourceRecord.objects.filter(source=source, bibcode__in=gone).delete()
    run.found, run.changed = len(listed), len(gone)
    for bibcode, interferometric in sorted(listed.items()):
        record = known.get(bibcode) or SourceRecord(source=source, bibcode=bibcode)
        paper = papers.get(keys_of([bibcode])[0])
        if record.pk and (record.paper_id, record.interferometric) == (paper, interferometric):
            continue
        run.new += record.pk is None
        run.changed += record.pk is not None
        record.paper_id, record.interferometric = paper, interferometric
        record.save()
