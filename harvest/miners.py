"""Citation miners: what many papers here cite and is not here."""

from collections import Counter

from django.db import transaction
from django.utils import timezone

from harvest.discovery import bare_among, search_short
from harvest.jobs import recorded
from harvest.models import Candidate, HarvestRun, SearchRule
from harvest.proposals import one_record_for_each_paper, proposable, write
from harvest.search_plan import SearchPlan
from publications.models import Paper


def mine_citations(client, by=None):
    """Propose refereed papers that many papers here cite, by the active citation miners."""
    with recorded(HarvestRun.Job.HARVEST, client, by) as run:
        plan = SearchPlan()
        miners = SearchRule.objects.active().of_kind(SearchRule.Kind.MINER)
        run.progress("reading the references of the papers here")
        cited = cited_often(client, plan.known, miners)
        wanted = sorted(set().union(*cited.values()))
        records = client.look_up(wanted, also="property:refereed")
        run.found = len(records)
        fresh = one_record_for_each_paper(record for record in records if proposable(record, plan.known, run))
        labels = search_short(client, run, plan, [], [*fresh, *bare_among(records, plan.known)])
        present = {name: record.bibcode for record in records for name in record.identifiers}
        mined = {miner: {present.get(name, name) for name in names} for miner, names in cited.items()}
        run.progress("writing what was found")
        with transaction.atomic():
            write(run, plan, records, fresh, [], mined | labels)
            Candidate.objects.rank()
    return run


def cited_often(client, known, miners):
    """Miner → bibcodes as references have them, not of papers here, that as many cite as it asks for."""
    papers = Paper.objects.order_by("bibcode").values_list("bibcode", flat=True)
    citing = client.look_up(papers, "bibcode,year,reference") if miners else []
    this_year = timezone.now().year
    cited = {}
    for miner in miners:
        first = 0 if miner.years is None else this_year - miner.years
        counts = Counter(
            name for record in citing if (record.year or 0) >= first for name in record.references
        )
        cited[miner] = {
            name for name, count in counts.items() if count >= miner.threshold and not known.is_here([name])
        }
    return cited
