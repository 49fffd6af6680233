"""The vocabulary: categories, tags, and their assignments."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q

from publications.admin.base import HistoryAdmin, ReadOnly, link_to_list
from publications.models import Category, Paper, Tag, TagAssignment, TagSlug


def shown(category):
    """How curators see a category: hidden ones are marked."""
    return str(category) if category.public else f"{category} (internal)"


class CategoryFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field, request, model_admin):
        return [(category.pk, shown(category)) for category in Category.objects.all()]


@admin.register(Category)
class CategoryAdmin(HistoryAdmin):
    list_display = ["name", "label", "position", "audience", "tag_count"]
    list_filter = ["public"]
    search_fields = ["name", "label", "description"]
    # What visitors gain or lose is shown on the desk before it is done.
    readonly_fields = ["public", "retired"]

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj else ["retired"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(tags_count=Count("tags"))

    @admin.display(ordering="public")
    def audience(self, category):
        return "everybody" if category.public else "internal"

    @admin.display(description="tags", ordering="tags_count")
    def tag_count(self, category):
        return link_to_list(Tag, category.tags_count, category__id__exact=category.pk)


class TagForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        state = getattr(self.instance, "_history", None)
        if state and "parents" in self.fields:
            # The form of an old state begins with the parents of then.
            self.initial["parents"] = list(state.parents.values_list("to_tag", flat=True))

    def clean_parents(self):
        """No tag may be its own ancestor."""
        parents = self.cleaned_data["parents"]
        seen, above = set(), {parent.pk for parent in parents}
        while above:
            if self.instance.pk in above:
                raise ValidationError(
                    f"“{self.instance}” would be above itself: choose parents that are not below it"
                )
            seen |= above
            above = set(Tag.objects.filter(children__in=above).values_list("pk", flat=True)) - seen
        return parents


@admin.register(Tag)
class TagAdmin(HistoryAdmin):
    form = TagForm
    list_display = ["name", "shown_category", "position", "parent_names", "paper_count", "slug"]
    list_filter = [("category", CategoryFilter)]
    search_fields = ["slug", "description"]
    autocomplete_fields = ["parents"]
    readonly_fields = ["slug"]
    fields = ["category", "name", "slug", "description", "position", "parents"]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("category")
            .prefetch_related("parents")
            .with_paper_counts()
        )

    def having(self, word):
        return super().having(word) | Q(name_folded__contains=word.casefold())

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "category":
            field.label_from_instance = shown
        return field

    def get_deleted_objects(self, objs, request):
        """Says how many papers carry a tag, rather than naming each of them."""
        carried = Tag.objects.filter(pk__in=[tag.pk for tag in objs], assignments__isnull=False)
        obstacles = [
            f"“{tag}” is on {tag.papers_count} papers: take it off them first"
            for tag in carried.with_paper_counts()
        ]
        if obstacles:
            return [], {}, set(), obstacles
        return super().get_deleted_objects(objs, request)

    @admin.display(description="category", ordering="category__position")
    def shown_category(self, tag):
        return shown(tag.category)

    @admin.display(description="parents")
    def parent_names(self, tag):
        return ", ".join(parent.name for parent in tag.parents.all())

    @admin.display(description="papers", ordering="papers_count")
    def paper_count(self, tag):
        return link_to_list(Paper, tag.papers_count, tags=tag.pk)


@admin.register(TagSlug)
class TagSlugAdmin(ReadOnly, HistoryAdmin):
    list_display = ["slug", "tag"]
    list_select_related = ["tag"]
    search_fields = ["slug", "tag__name"]


@admin.register(TagAssignment)
class TagAssignmentAdmin(HistoryAdmin):
    """An assignment is given or taken, never changed: who gave it stays true."""

    list_display = ["tag", "category", "paper", "given_by", "given_at"]
    list_filter = [("tag__category", CategoryFilter)]
    list_select_related = ["tag__category", "paper", "given_by"]
    list_per_page = 50
    date_hierarchy = "given_at"
    search_fields = ["tag__name", "paper__bibcode", "given_by__username"]
    autocomplete_fields = ["paper", "tag"]
    fields = ["paper", "tag", "given_by", "given_at"]
    readonly_fields = ["given_by", "given_at"]

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.given_by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(ordering="tag__category__position")
    def category(self, assignment):
        return shown(assignment.tag.category)
