"""Papers: what ADS says is shown, tags and targets are given here."""

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, Subquery
from django.forms import BaseInlineFormSet
from django.utils.html import format_html_join

from publications.admin.base import HistoryAdmin, PlainAdmin, ReadOnly, link_to_list
from publications.admin.vocabulary import shown
from publications.folding import fold, plain
from publications.models import (
    Author,
    Authorship,
    Identifier,
    Journal,
    Keyword,
    Paper,
    TagAssignment,
    TargetLink,
)


class OnceFormSet(BaseInlineFormSet):
    """A paper has a tag, or a target, once.

    Django compares the rows of the page; others may have come since.
    """

    once = None

    def clean(self):
        super().clean()
        gone = [form.instance.pk for form in self.deleted_forms]
        rows = self.model.objects.filter(paper=self.instance).exclude(pk__in=gone)
        present = set(rows.values_list(self.once, flat=True))
        for form in self.extra_forms:
            given = form.cleaned_data.get(self.once)
            if given and given.pk in present:
                form.add_error(self.once, f"the paper has the {self.once} “{given}” already")


class TagFormSet(OnceFormSet):
    once = "tag"


class TargetFormSet(OnceFormSet):
    once = "target"


class TagAssignmentInline(admin.TabularInline):
    """Tags are given and taken; an assignment itself never changes."""

    model = TagAssignment
    formset = TagFormSet
    extra = 1
    verbose_name = "tag"
    autocomplete_fields = ["tag"]
    readonly_fields = ["category", "given_by", "given_at"]
    fields = ["tag", *readonly_fields]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("tag__category", "given_by").in_vocabulary_order()

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="category")
    def category(self, assignment):
        return shown(assignment.tag.category) if assignment.tag_id else "-"


class TargetLinkInline(admin.TabularInline):
    model = TargetLink
    formset = TargetFormSet
    extra = 1
    verbose_name = "target"
    autocomplete_fields = ["target"]
    readonly_fields = ["kind", "mentions"]
    fields = ["target", *readonly_fields]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("target")

    def has_change_permission(self, request, obj=None):
        return False


NOTICE = ["notice", "notice_bibcode"]


@admin.register(Paper)
class PaperAdmin(HistoryAdmin):
    list_display = ["bibcode", "short_title", "first_author", "published", "refereed", "citations", "added"]
    list_filter = ["refereed", "authors_complete", ("details_read", admin.EmptyFieldListFilter)]
    date_hierarchy = "added"
    search_fields = ["bibcode"]
    search_help_text = "bibcode, DOI or arXiv id, words of the title, names of authors"
    folded_fields = ["sort_title"]
    list_per_page = 50
    inlines = [TagAssignmentInline, TargetLinkInline]
    fieldsets = [
        (None, {"fields": ["bibcode", "title", "author_list", "journal", "volume", "page"]}),
        ("Publication", {"fields": ["year", "pubdate", "refereed", "citations", "citations_on", *NOTICE]}),
        ("Identifiers and keywords", {"fields": ["doi", "arxiv", "identifier_list", "keyword_list"]}),
        ("Abstract", {"fields": ["abstract"]}),
        ("In this database", {"fields": ["added", "details_read", "authors_complete"]}),
    ]
    readonly_fields = [field for _, options in fieldsets for field in options["fields"]]

    def get_queryset(self, request):
        first = Authorship.objects.filter(paper=OuterRef("pk"), position=1)
        return (
            super()
            .get_queryset(request)
            .select_related("journal")
            .annotate(first_author=Subquery(first.values("author__name")))
        )

    def having(self, word):
        condition = super().having(word) | Q(
            pk__in=Identifier.objects.filter(key__contains=Identifier.key_of(word)).values("paper")
        )
        if folded := fold(word):
            condition |= Q(pk__in=Authorship.objects.filter(author__folded__contains=folded).values("paper"))
        return condition

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == AuthorAdmin.lookup or super().lookup_allowed(lookup, value, request)

    def save_formset(self, request, form, formset, change):
        """What a curator adds carries who gave it."""
        formset.save(commit=False)
        for row in formset.deleted_objects:
            row.delete()
        for row in formset.new_objects:
            if isinstance(row, TagAssignment):
                row.given_by = request.user
            else:
                row.kind = TargetLink.Kind.CURATED
            row.save()

    @admin.display(description="title", ordering="sort_title")
    def short_title(self, paper):
        title = plain(paper.title)
        return title if len(title) <= 100 else f"{title[:99]}…"

    @admin.display(ordering="sort_author")
    def first_author(self, paper):
        return paper.first_author

    @admin.display(description="published", ordering="sort_date")
    def published(self, paper):
        return paper.pubdate or paper.year

    @admin.display(description="authors")
    def author_list(self, paper):
        names = [place.author.name for place in paper.authorships.select_related("author")]
        return "; ".join(names) + ("" if paper.authors_complete else " et al.")

    @admin.display(description="identifiers, present and old")
    def identifier_list(self, paper):
        return lines(paper.identifiers.all())

    @admin.display(description="keywords")
    def keyword_list(self, paper):
        return lines(paper.keywords.all())


def lines(rows):
    return format_html_join("", "{}<br>", ([row] for row in rows))


class WithPaperCount(PlainAdmin):
    """Lists that count the papers of a row, and lead to them."""

    counted = "papers"
    lookup = ""

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(papers_count=Count(self.counted))

    @admin.display(description="papers", ordering="papers_count")
    def paper_count(self, row):
        return link_to_list(Paper, row.papers_count, **{self.lookup: row.pk})


@admin.register(Author)
class AuthorAdmin(ReadOnly, WithPaperCount):
    list_display = ["name", "key", "collaboration", "paper_count"]
    list_filter = ["collaboration"]
    search_fields = ["key"]
    folded_fields = ["folded"]
    fields = ["name", "key", "folded", "collaboration"]
    counted = "authorships"
    lookup = "authorships__author"


@admin.register(Keyword)
class KeywordAdmin(ReadOnly, WithPaperCount):
    list_display = ["name", "paper_count"]
    folded_fields = ["folded"]
    search_fields = ["name"]
    lookup = "keywords"


@admin.register(Journal)
class JournalAdmin(WithPaperCount):
    """Journals come with their papers; the name is ours to spell."""

    list_display = ["bibstem", "name", "paper_count"]
    search_fields = ["bibstem", "name"]
    readonly_fields = ["bibstem"]
    fields = ["bibstem", "name"]
    lookup = "journal"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Authorship)
class AuthorshipAdmin(ReadOnly, PlainAdmin):
    list_display = ["paper", "position", "author", "orcid"]
    list_select_related = ["paper", "author"]
    search_fields = ["paper__bibcode", "orcid"]
    folded_fields = ["author__folded"]
    list_per_page = 50


@admin.register(Identifier)
class IdentifierAdmin(ReadOnly, PlainAdmin):
    list_display = ["value", "paper"]
    list_select_related = ["paper"]
    search_fields = ["key", "paper__bibcode"]
    fields = ["value", "key", "paper"]
