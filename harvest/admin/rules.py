from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect

from harvest.models import SearchRule, SoftwareGroup
from harvest.start import start
from publications.admin.base import HistoryAdmin
from publications.models import Tag

NEEDS_NO_TAG = {"base", "subtraction", "global", "miner"}


class SearchRuleForm(forms.ModelForm):
    class Meta:
        model = SearchRule
        fields = ["kind", "name", "query", "tag_name", "group", "threshold", "years", "active", "note"]

    def clean(self):
        answer = super().clean()
        kind, query, tag = answer.get("kind"), answer.get("query", ""), answer.get("tag_name")
        if kind == "miner":
            if not answer.get("threshold"):
                self.add_error("threshold", "how many papers here must cite a paper?")
        elif not query.strip():
            self.add_error("query", "a query in ADS's language is expected")
        if query.count("(") != query.count(")") or query.count('"') % 2:
            self.add_error("query", "a bracket or a quotation mark is not closed")
        if tag and not Tag.objects.filter(name_folded=tag.casefold()).exists():
            self.add_error("tag_name", f"the vocabulary has no tag {tag!r}")
        if kind not in NEEDS_NO_TAG and not tag:
            self.add_error("tag_name", "a rule of this kind suggests a tag: name it")
        return answer


@admin.register(SearchRule)
class SearchRuleAdmin(HistoryAdmin):
    form = SearchRuleForm
    list_display = ["name", "kind", "tag_name", "active", "query", "note"]
    list_filter = ["kind", "active"]
    search_fields = ["name", "query", "tag_name", "note"]
    actions = ["try_it"]

    @admin.action(description="Try it: see what it finds", permissions=["change"])
    def try_it(self, request, queryset):
        if queryset.count() != 1:
            messages.error(request, "Choose one rule to try.")
            return None
        return redirect("admin:run", start("try_rule", queryset.get().name, by=request.user).pk)


@admin.register(SoftwareGroup)
class SoftwareGroupAdmin(HistoryAdmin):
    list_display = ["name", "tag_name", "description"]
    search_fields = ["name", "tag_name", "description"]
