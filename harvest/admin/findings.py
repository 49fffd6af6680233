from django.contrib import admin, messages

from harvest import curation
from harvest.models import PaperFlag, TagReview
from publications.admin.base import HistoryAdmin


class Found:
    """Rows that the jobs make: people judge them, by actions."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_judge_permission(self, request):
        return request.user.has_perm(f"harvest.change_{self.model._meta.model_name}")


@admin.register(TagReview)
class TagReviewAdmin(Found, HistoryAdmin):
    """Papers that a rule matches and that lack its tag."""

    list_display = ["paper", "rule", "missing", "by", "reviewed_at"]
    list_filter = ["missing", "rule"]
    list_select_related = ["paper", "rule", "by"]
    actions = ["add_tag", "dismiss"]

    def has_tag_permission(self, request):
        return self.has_judge_permission(request) and request.user.has_perm("publications.add_tagassignment")

    @admin.action(description="Add the rule's tag", permissions=["tag"])
    def add_tag(self, request, queryset):
        self.judge(request, queryset, curation.add_missing_tag)

    @admin.action(description="Dismiss: the tag is not wanted", permissions=["judge"])
    def dismiss(self, request, queryset):
        self.judge(request, queryset, curation.dismiss)

    def judge(self, request, queryset, decide):
        for review in queryset.filter(missing=True).select_related("paper", "rule"):
            try:
                decide(review, request.user)
            except curation.CannotDecide as error:
                messages.error(request, str(error))


@admin.register(PaperFlag)
class PaperFlagAdmin(Found, admin.ModelAdmin):
    list_display = ["paper", "kind", "other", "note", "seen_at"]
    list_filter = ["kind"]
    list_select_related = ["paper", "other"]
    actions = ["merge"]

    @admin.action(description="Merge the two papers into the first", permissions=["judge"])
    def merge(self, request, queryset):
        for flag in queryset.filter(kind=PaperFlag.Kind.MERGE):
            try:
                curation.merge(flag, request.user)
                messages.success(request, f"{flag.paper} has what the other had")
            except curation.CannotDecide as error:
                messages.error(request, str(error))
