"""What the harvest knows of ADS libraries and of other databases."""

import re

from django import forms
from django.contrib import admin
from django.db.models import Count

from publications.admin.base import PlainAdmin, ReadOnly, link_to_list
from publications.models import Library, LibraryEntry, SourceRecord


class LibraryForm(forms.ModelForm):
    ads_id = forms.CharField(
        required=False, label="ADS id", help_text="or the library's address at ADS; empty: not bound yet"
    )

    def clean_ads_id(self):
        """The id, or None; the library's address at ADS is understood too."""
        ads_id = (self.cleaned_data["ads_id"] or "").strip().rstrip("/").rpartition("/")[2]
        if ads_id and not re.fullmatch(r"[\w-]{22}", ads_id, re.ASCII):
            raise forms.ValidationError(
                "22 letters, digits, - or _ are expected: the end of its address at ADS"
            )
        return ads_id or None


@admin.register(Library)
class LibraryAdmin(PlainAdmin):
    form = LibraryForm
    list_display = ["name", "ads_id", "tag", "public", "entry_count", "synced_at"]
    list_filter = ["public"]
    list_select_related = ["tag"]
    search_fields = ["name", "ads_id", "description"]
    autocomplete_fields = ["tag"]
    readonly_fields = ["synced_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(entries_count=Count("entries"))

    def save_model(self, request, library, form, change):
        super().save_model(request, library, form, change)
        if change and "ads_id" in form.changed_data:
            library.bind(library.ads_id)

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
