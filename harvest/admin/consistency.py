from django.contrib import admin

from harvest.admin.findings import Found
from harvest.models import ConsistencyRule, Explanation, Waiver
from publications.admin.base import HistoryAdmin


@admin.register(ConsistencyRule)
class ConsistencyRuleAdmin(HistoryAdmin):
    list_display = ["number", "name", "condition", "proposes", "tag_name", "active", "note"]
    list_display_links = ["number", "name"]
    list_filter = ["active", "proposes"]
    search_fields = ["number", "name", "condition", "tag_name", "note"]
    fields = ["number", "position", "name", "condition", "proposes", "tag_name", "active", "note"]


@admin.register(Waiver)
class WaiverAdmin(Found, HistoryAdmin):
    """Made on the desk's page of the rule."""

    list_display = ["paper", "rule", "reason", "by", "at"]
    list_filter = ["rule"]
    list_select_related = ["paper", "rule", "by"]
    date_hierarchy = "at"
    search_fields = ["paper__bibcode", "reason"]


@admin.register(Explanation)
class ExplanationAdmin(Found, HistoryAdmin):
    """Made on the desk's page of the gap."""

    list_display = ["bibcode", "gap", "reason", "by", "at"]
    list_filter = ["gap"]
    list_select_related = ["by"]
    search_fields = ["bibcode", "reason"]
