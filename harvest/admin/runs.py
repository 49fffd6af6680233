from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from harvest.models import EndpointQuota, HarvestRun, SyncPlan
from publications.admin.base import ReadOnly


@admin.register(HarvestRun)
class HarvestRunAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["followed", "job", "status", "by", "step", "found", "new", "changed", "errors"]
    list_display_links = None
    list_filter = ["job", "status"]
    list_select_related = ["by"]
    date_hierarchy = "started_at"

    @admin.display(description="started", ordering="started_at")
    def followed(self, run):
        address = reverse("admin:run", args=[run.pk])
        return format_html('<a href="{}">{}</a>', address, f"{run.started_at:%Y-%m-%d %H:%M}")


@admin.register(EndpointQuota)
class EndpointQuotaAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["endpoint", "remaining", "limit", "reset", "seen_at"]


@admin.register(SyncPlan)
class SyncPlanAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["created_at", "library", "state", "added", "removed", "reason", "consented_by"]
    list_filter = ["state", "library"]
    list_select_related = ["library", "consented_by"]

    @admin.display(description="added at ADS, here")
    def added(self, plan):
        return f"{len(plan.ads_add)}, {len(plan.local_add)}"

    @admin.display(description="removed at ADS, here")
    def removed(self, plan):
        return f"{len(plan.ads_remove)}, {len(plan.local_remove)}"
