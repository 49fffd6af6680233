from django.contrib import admin

from harvest.admin.findings import Found
from harvest.models import Suggestion


@admin.register(Suggestion)
class SuggestionAdmin(Found, admin.ModelAdmin):
    list_display = ["made_at", "kind", "identifier", "text", "paper", "answer", "settled"]
    list_filter = ["settled", "kind"]
    list_select_related = ["paper"]
    search_fields = ["identifier", "text"]
    actions = ["settle"]

    @admin.action(description="Settled", permissions=["judge"])
    def settle(self, request, queryset):
        queryset.update(settled=True)
