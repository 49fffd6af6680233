"""What other databases list → our records of it: ESO telbib, OiDB, JMDC."""

from django.db import transaction

from harvest.jobs import recorded
from harvest.known import keys_of
from harvest.models import HarvestRun
from harvest.source_lists import BrokenSource, SourceLists, read_list
from harvest.sync_diff import FEW, SHARE
from publications.models import Identifier, SourceRecord


def import_source(source, text=None, by=None, allow_removals=False, lists=None):
    """Make our records of ``source`` those of its list (``text``, or what its address gives).

    Raises
    ------
    BrokenSource
        Also when more than a tenth of the records, and more than ten, would go.
    AlreadyRunning
    """
    lists = lists or SourceLists()
    with recorded(HarvestRun.Job.SOURCE, lists, by, SourceRecord.Source(source).label) as run:
        run.progress(f"reading the list of {source}")
        listed = lists.read(source) if text is None else read_list(text)
        run.queries.append(
            {"query": source if text is None else f"{source}, from a file", "found": len(listed)}
        )
        with transaction.atomic():
            replace(run, source, listed, allow_removals)
    return run


def replace(run, source, listed, allow_removals):
    known = {record.bibcode: record for record in SourceRecord.objects.filter(source=source)}
    gone = known.keys() - listed.keys()
    if len(gone) > FEW and len(gone) > SHARE * len(known) and not allow_removals:
        raise BrokenSource(
            f"{len(gone)} of {len(known)} records would be removed; if that is right, an administrator runs "
            f"import_source {source} --allow-removals"
        )
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
