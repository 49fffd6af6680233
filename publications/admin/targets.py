"""Targets, their names, and the papers linked to them."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q

from publications.admin.base import HistoryAdmin, PlainAdmin, ReadOnly, link_to_list
from publications.folding import target_key
from publications.models import Paper, RemovedLink, SimbadReading, Target, TargetAlias, TargetLink
from publications.models.history import update_with_history


def require_free(name, others):
    """Refuse a ``name`` that says nothing, or that is, folded, among ``others`` (aliases)."""
    key = target_key(name)
    if not key:
        raise ValidationError(f"“{name}” has no letter or digit to find it by")
    other = others.filter(key=key).select_related("target").first()
    if other:
        raise ValidationError(f"“{name}” is a name of the target {other.target} already")


class TargetForm(forms.ModelForm):
    def clean_name(self):
        name = self.cleaned_data["name"]
        require_free(name, TargetAlias.objects.exclude(target=self.instance.pk))
        return name


class AliasForm(forms.ModelForm):
    def clean_name(self):
        name = self.cleaned_data["name"]
        require_free(name, TargetAlias.objects.exclude(pk=self.instance.pk))
        return name


class AliasFormSet(forms.BaseInlineFormSet):
    """Aliases are unique as they are folded; the target's own name becomes one by itself."""

    def clean(self):
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms]
        own = target_key(self.instance.name)
        if any(form.instance.key == own for form in self.deleted_forms):
            raise ValidationError(
                f"“{self.instance.name}” is the target's own name and stays among its aliases"
            )
        keys = {own}
        for form in sorted(kept, key=lambda form: form.has_changed()):
            name = form.cleaned_data.get("name") if hasattr(form, "cleaned_data") else None
            if name and form.has_changed() and target_key(name) in keys:
                form.add_error("name", f"“{name}” is a name of this target already")
            elif name:
                keys.add(target_key(name))


class AliasInline(admin.TabularInline):
    model = TargetAlias
    form = AliasForm
    formset = AliasFormSet
    extra = 1


@admin.register(Target)
class TargetAdmin(HistoryAdmin):
    form = TargetForm
    list_display = ["name", "otype", "ra", "dec", "simbad_oid", "paper_count"]
    list_filter = ["otype", ("ra", admin.EmptyFieldListFilter)]
    search_fields = ["name", "slug"]
    search_help_text = "any name of the target"
    readonly_fields = ["slug"]
    fields = ["name", "slug", "simbad_oid", "otype", ("ra", "dec"), ("pmra", "pmdec")]
    inlines = [AliasInline]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(papers_count=Count("links"))

    def having(self, word):
        condition = super().having(word)
        if key := target_key(word):
            condition |= Q(pk__in=TargetAlias.objects.filter(key__contains=key).values("target"))
        return condition

    @admin.display(description="papers", ordering="papers_count")
    def paper_count(self, target):
        return link_to_list(Paper, target.papers_count, targets=target.pk)


@admin.register(TargetAlias)
class TargetAliasAdmin(PlainAdmin):
    form = AliasForm
    list_display = ["name", "key", "target"]
    list_select_related = ["target"]
    search_fields = ["name", "target__name"]
    autocomplete_fields = ["target"]
    readonly_fields = ["key"]
    fields = ["target", "name", "key"]


@admin.register(TargetLink)
class TargetLinkAdmin(HistoryAdmin):
    """Links are added and taken away; a curator may confirm one that was found by itself."""

    list_display = ["paper", "target", "kind", "mentions"]
    list_filter = ["kind"]
    list_select_related = ["paper", "target"]
    list_per_page = 50
    search_fields = ["paper__bibcode", "target__name"]
    autocomplete_fields = ["paper", "target"]
    fields = ["paper", "target", "kind", "mentions"]
    actions = ["confirm"]

    def get_readonly_fields(self, request, obj=None):
        return self.fields if obj else ["kind", "mentions"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.kind = TargetLink.Kind.CURATED
        super().save_model(request, obj, form, change)

    @admin.action(description="Confirm selected links: by a curator", permissions=["change"])
    def confirm(self, request, links):
        rows = list(links.exclude(kind=TargetLink.Kind.CURATED))
        for link in rows:
            link.kind = TargetLink.Kind.CURATED
        update_with_history(TargetLink, rows, ["kind"], user=request.user, reason="confirmed by a curator")
        self.message_user(request, f"{len(rows)} links are confirmed")


@admin.register(SimbadReading)
class SimbadReadingAdmin(ReadOnly, PlainAdmin):
    """When SIMBAD was asked for the objects of a paper; catalogues are marked."""

    list_display = ["paper", "read_at", "objects_count", "catalogue"]
    list_filter = ["catalogue"]
    list_select_related = ["paper"]
    date_hierarchy = "read_at"
    search_fields = ["paper__bibcode"]


@admin.register(RemovedLink)
class RemovedLinkAdmin(PlainAdmin):
    """Links that a curator took away. Deleting a row lets the next refresh bring the link back."""

    list_display = ["paper", "target", "removed_by", "removed_at"]
    list_select_related = ["paper", "target", "removed_by"]
    date_hierarchy = "removed_at"
    search_fields = ["paper__bibcode", "target__name"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
