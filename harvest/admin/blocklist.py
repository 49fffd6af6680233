from django.contrib import admin

from harvest.models import BlocklistEntry, FilteredBibstem
from publications.admin.base import HistoryAdmin


@admin.register(BlocklistEntry)
class BlocklistEntryAdmin(HistoryAdmin):
    list_display = ["bibcode", "reason", "note", "blocked_by", "blocked_at"]
    list_filter = ["reason"]
    list_select_related = ["blocked_by"]
    date_hierarchy = "blocked_at"
    search_fields = ["bibcode", "note"]
    fields = ["bibcode", "reason", "note", "blocked_by", "blocked_at"]
    readonly_fields = ["blocked_by", "blocked_at"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.blocked_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(FilteredBibstem)
class FilteredBibstemAdmin(HistoryAdmin):
    list_display = ["bibstem", "note"]
    search_fields = ["bibstem", "note"]
