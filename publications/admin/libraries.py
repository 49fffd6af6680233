"""What the harvest knows of ADS libraries and of other databases."""

from django.contrib import admin
from django.db.models import Count

from publications.admin.base import PlainAdmin, ReadOnly, link_to_list
from publications.models import Library, LibraryEntry, SourceRecord


@admin.register(Library)
class LibraryAdmin(PlainAdmin):
    list_display = ["name", "ads_id", "tag", "public", "entry_count", "synced_at"]
    list_filter = ["public"]
    list_select_related = ["tag"]
    search_fields = ["name", "ads_id", "description"]
    autocomplete_fields = ["tag"]
    readonly_fields = ["synced_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(entries_count=Count("entries"))

    @admin.display(description="papers", ordering="entries_count")
    def entry_count(self, library):
        return link_to_list(LibraryEntry, library.entries_count, library=library.pk)


@admin.register(LibraryEntry)
class LibraryEntryAdmin(ReadOnly, PlainAdmin):
    list_display = ["bibcode", "library"]
    list_filter = ["library"]
    list_select_related = ["library"]
    search_fields = ["bibcode"]


@admin.register(SourceRecord)
class SourceRecordAdmin(ReadOnly, PlainAdmin):
    list_display = ["bibcode", "source", "paper", "interferometric", "seen_at"]
    list_filter = ["source", "interferometric", ("paper", admin.EmptyFieldListFilter)]
    list_select_related = ["paper"]
    date_hierarchy = "seen_at"
    search_fields = ["bibcode"]
