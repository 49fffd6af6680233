from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from harvest.models import Candidate
from publications.admin.base import HistoryAdmin, ReadOnly


@admin.register(Candidate)
class CandidateAdmin(ReadOnly, HistoryAdmin):
    """What waits for a decision, and what was decided. Decisions are taken in triage."""

    list_display = [
        "bibcode",
        "title",
        "year",
        "suggests",
        "status",
        "found_at",
        "decided_by",
        "decided_at",
        "triage",
    ]
    list_filter = ["status", "suggested"]
    list_select_related = ["decided_by"]
    date_hierarchy = "found_at"
    search_fields = ["bibcode", "title", "doi", "arxiv"]

    @admin.display(description="suggested tags")
    def suggests(self, candidate):
        return ", ".join(rule.tag_name for rule in candidate.rules.all() if rule.tag_name)

    def triage(self, candidate):
        address = reverse("admin:triage-candidate", args=[candidate.pk])
        return format_html(
            '<a href="{}">Triage<span class="visually-hidden"> {}</span></a>', address, candidate
        )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("rules")
