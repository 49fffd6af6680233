"""Decisions on candidates as actions of the admin: choose candidates, say how, confirm."""

from django import forms
from django.contrib import admin, messages
from django.template.response import TemplateResponse

from harvest import curation
from harvest.models import BlocklistEntry
from publications.models import Tag

REASONS = [choice for choice in BlocklistEntry.Reason.choices if choice[0] != "uncurated"]


class AcceptForm(forms.Form):
    tags = forms.ModelMultipleChoiceField(
        Tag.objects.select_related("category"),
        required=False,
        help_text="for each of the chosen papers",
        widget=forms.SelectMultiple(attrs={"size": 20}),
    )
    suggested = forms.BooleanField(
        initial=True, required=False, label="and the tags that the matching rules suggest for each paper"
    )


class BlockForm(forms.Form):
    reason = forms.ChoiceField(choices=REASONS)
    note = forms.CharField(required=False, widget=forms.Textarea, help_text="shown to visitors")


class PostponeForm(forms.Form):
    until = forms.DateField(
        help_text="YYYY-MM-DD, a day to come", widget=forms.DateInput(attrs={"type": "date"})
    )


def suggested_tags(candidate):
    """The tags of the rules that matched, each once, those that the vocabulary has."""
    return list(dict.fromkeys(rule.tag for rule in candidate.rules.all() if rule.tag))


class Decisions:
    """Mix-in for the admin of `Candidate`."""

    actions = ["accept", "block", "postpone"]

    def has_decide_permission(self, request):
        return request.user.has_perm("harvest.change_candidate")

    @admin.display(description="suggested tags")
    def suggested(self, candidate):
        return ", ".join(rule.tag_name for rule in candidate.rules.all() if rule.tag_name)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("rules")

    @admin.action(description="Accept with tags …", permissions=["decide"])
    def accept(self, request, queryset):
        def decide(candidate, answer):
            tags = [*answer["tags"], *(suggested_tags(candidate) if answer["suggested"] else [])]
            curation.accept(candidate, tags, request.user)

        return self.decide(request, queryset, AcceptForm, decide, "accept", "Accept")

    @admin.action(description="Block with a reason …", permissions=["decide"])
    def block(self, request, queryset):
        def decide(candidate, answer):
            curation.block(candidate, answer["reason"], answer["note"], request.user)

        return self.decide(request, queryset, BlockForm, decide, "block", "Block")

    @admin.action(description="Postpone …", permissions=["decide"])
    def postpone(self, request, queryset):
        def decide(candidate, answer):
            curation.postpone(candidate, answer["until"], request.user)

        return self.decide(request, queryset, PostponeForm, decide, "postpone", "Postpone")

    def decide(self, request, queryset, form_class, decide, action, label):
        """Show the form of a decision; when it is sent, decide on each and say what was not possible."""
        form = form_class(request.POST if "confirmed" in request.POST else None)
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": label,
                "candidates": queryset,
                "form": form,
                "action": action,
                "opts": self.model._meta,
            }
            return TemplateResponse(request, "admin/harvest/decide.html", context)
        done = 0
        for candidate in queryset:
            try:
                decide(candidate, form.cleaned_data)
                done += 1
            except curation.CannotDecide as error:
                messages.error(request, str(error))
        messages.success(request, f"{label}: {done} done")
        return None
