from django.contrib import admin

from harvest.admin.decisions import Decisions
from harvest.models import Candidate
from publications.admin.base import HistoryAdmin, ReadOnly


@admin.register(Candidate)
class CandidateAdmin(Decisions, ReadOnly, HistoryAdmin):
    """What waits for a decision, and what was decided."""

    list_display = ["bibcode", "title", "year", "suggested", "status", "found_at", "decided_by", "decided_at"]
    list_filter = ["status"]
    list_select_related = ["decided_by"]
    date_hierarchy = "found_at"
    search_fields = ["bibcode", "title", "doi", "arxiv"]
