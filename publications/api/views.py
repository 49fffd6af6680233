"""The read-only API. Nobody is signed in here, so nothing hidden can be asked for."""

from datetime import UTC, datetime

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import condition
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from publications import facets
from publications.api import documents
from publications.api.parameters import FieldsForm, NoParameters, PageForm, PaperParameters, errors_of
from publications.api.schema import documented
from publications.exports.papers_json import facts
from publications.exports.records import records
from publications.filters import PER_PAGE
from publications.models import Category, DataState, Journal, Library, Paper, Tag, Target

NAMES = [
    "papers", "tags", "categories", "journals", "targets", "libraries", "statistics", "schema", "docs",
]  # fmt: skip


def errors_as_json(error, context):
    """Every refusal as ``{"errors": {parameter: [messages]}}``."""
    response = exception_handler(error, context)
    if response is not None:
        told = response.data if isinstance(error, ValidationError | NotFound) else {}
        if "detail" in response.data:
            told = {"request": [str(response.data["detail"])]}
        response.data = {"errors": told}
    return response


def etag(request, *args, **kwargs):
    return f'"{DataState.current().number}"'


def last_modified(request, *args, **kwargs):
    return datetime.fromtimestamp(DataState.current().number // 1_000_000, UTC)


class PublicView(APIView):
    """A GET whose answer follows from its address and the state of the data alone."""

    http_method_names = ["get", "head", "options"]

    def get(self, request, **kwargs):
        # What is malformed is refused before anybody's ETag is looked at.
        return self.unless_unchanged(request, self.asked(request), **kwargs)

    @method_decorator(condition(etag_func=etag, last_modified_func=last_modified))
    def unless_unchanged(self, request, asked, **kwargs):
        answer = self.answer(request, asked, **kwargs)
        return Response(answer, headers={"Cache-Control": "public, max-age=0"})

    def asked(self, request):
        """The parameters as understood, for ``answer``."""
        return self.understood(FieldsForm(request.GET, self.field_names))

    def understood(self, form):
        """The cleaned values of a form. Raises ValidationError with its messages."""
        if not form.is_valid():
            raise ValidationError(errors_of(form))
        return form.cleaned_data

    def selection(self, request):
        selection = PaperParameters(request.GET, self.field_names)
        self.understood(selection.form)
        return selection

    def shown(self, thing, values, *, many=False):
        return self.document(thing, many=many, context={"fields": values["fields"]}).data

    @property
    def field_names(self):
        return self.document().fields


class Listing(PublicView):
    """Rows in a fixed order, a page at a time."""

    def asked(self, request):
        return self.understood(PageForm(request.GET, self.field_names))

    def answer(self, request, values):
        return self.page(request, values, self.rows())

    def page(self, request, values, rows):
        pages, number = Paginator(rows, values["per_page"] or PER_PAGE), values["page"] or 1
        if number > pages.num_pages:
            raise ValidationError({"page": [f"there is no page {number}; the last one is {pages.num_pages}"]})
        page = pages.page(number)
        return {
            "count": pages.count,
            "next": self.at(request, number + 1) if page.has_next() else None,
            "previous": self.at(request, number - 1) if page.has_previous() else None,
            "results": self.shown(self.read(page.object_list), values, many=True),
        }

    def at(self, request, number):
        query = request.GET.copy()
        query["page"] = number
        return request.build_absolute_uri(f"{request.path}?{query.urlencode(safe='/:,')}")

    def read(self, rows):
        return rows


@documented("papers", documents.PaperDocument, PaperParameters, paged=True)
class Papers(Listing):
    """The papers of a selection."""

    document = documents.PaperDocument

    def asked(self, request):
        return self.selection(request)

    def answer(self, request, selection):
        return self.page(request, selection.form.cleaned_data, selection.papers)

    def read(self, rows):
        return [facts(record) for record in records(rows, Category.objects.public())]


@documented("paper", documents.PaperDocument, FieldsForm, one="identifier")
class OnePaper(PublicView):
    """One paper, by its bibcode or any other identifier that it has or had."""

    document = documents.PaperDocument

    def answer(self, request, values, identifier):
        found = list(records(Paper.objects.with_identifier(identifier), Category.objects.public()))
        if not found:
            raise NotFound({"identifier": [f"no paper here has the identifier {identifier}"]})
        return self.shown(facts(found[0]), values)


@documented("tags", documents.TagDocument, PageForm, paged=True)
class Tags(Listing):
    """The vocabulary in its order."""

    document = documents.TagDocument

    def rows(self):
        return (
            Tag.objects.public()
            .with_paper_counts()
            .select_related("category")
            .prefetch_related(Prefetch("parents", Tag.objects.public()))
            .order_by("category__position", "category__name", "position", "name")
        )


@documented("tag", documents.TagDocument, FieldsForm, one="slug")
class OneTag(PublicView):
    """One tag, by its present slug or an old one."""

    document = documents.TagDocument

    def answer(self, request, values, slug):
        found = Tags().rows().by_slug([slug])
        if not found:
            raise NotFound({"slug": [f"there is no tag “{slug[:100]}”; /tags/ lists them all"]})
        return self.shown(found[slug], values)


@documented("categories", documents.CategoryDocument, PageForm, paged=True)
class Categories(Listing):
    """The categories of tags in their order."""

    document = documents.CategoryDocument

    def rows(self):
        return Category.objects.public().prefetch_related(
            Prefetch("tags", Tag.objects.order_by("position", "name"))
        )


@documented("journals", documents.JournalDocument, PageForm, paged=True)
class Journals(Listing):
    """Journals that papers here stand in."""

    document = documents.JournalDocument

    def rows(self):
        counted = Journal.objects.annotate(papers_count=Count("papers"))
        return counted.filter(papers_count__gt=0).order_by("bibstem")


def targets():
    return Target.objects.annotate(papers_count=Count("links")).prefetch_related("aliases").order_by("pk")


@documented("targets", documents.TargetDocument, PageForm, paged=True)
class Targets(Listing):
    """Objects of the sky that papers are linked to, in the order in which they came."""

    document = documents.TargetDocument

    def rows(self):
        return targets()


@documented("target", documents.TargetDocument, FieldsForm, one="slug")
class OneTarget(PublicView):
    """One object of the sky."""

    document = documents.TargetDocument

    def answer(self, request, values, slug):
        found = targets().filter(slug=slug).first()
        if found is None:
            raise NotFound({"slug": [f"there is no target “{slug[:100]}”; /api/targets/ lists them all"]})
        return self.shown(found, values)


@documented("libraries", documents.LibraryDocument, PageForm, paged=True)
class Libraries(Listing):
    """Our public libraries at ADS."""

    document = documents.LibraryDocument

    def rows(self):
        libraries = Library.objects.kept().filter(public=True).select_related("tag__category")
        return libraries.annotate(entries_count=Count("entries")).order_by("name")


@documented("statistics", documents.StatisticsDocument, PaperParameters)
class Statistics(PublicView):
    """Numbers of papers of a selection by year, journal and tag; paging and sorting have no effect."""

    document = documents.StatisticsDocument

    def asked(self, request):
        return self.selection(request)

    def answer(self, request, selection):
        return self.shown(self.numbers(selection.qs), selection.form.cleaned_data)

    def numbers(self, papers):
        counts = facets.count(papers)
        total = counts.papers
        yes, no = (counts.refereed.get(word, 0) for word in ("yes", "no"))
        journals = Journal.objects.in_bulk(list(counts.journals))
        return {
            "papers": total,
            "refereed": {"yes": yes, "no": no, "unknown": total - yes - no},
            "years": [{"year": year, "papers": n} for year, n in sorted(counts.years.items())],
            "journals": sorted(
                ({"bibstem": journals[pk].bibstem, "papers": n} for pk, n in counts.journals.items()),
                key=lambda journal: journal["bibstem"],
            ),
            "tags": [
                {
                    "slug": tag.slug,
                    "name": tag.name,
                    "category": tag.category.name,
                    "papers": counts.tags[tag.pk],
                }
                for tag in Tag.objects.public().select_related("category").filter(pk__in=counts.tags)
            ],
        }


@documented("root", None, NoParameters)
class Root(PublicView):
    """Where everything is."""

    def asked(self, request):
        return self.understood(NoParameters(request.GET))

    def answer(self, request, asked):
        return {name: request.build_absolute_uri(reverse(f"publications:api:{name}")) for name in NAMES}


class NotHere(APIView):
    """Any other address under /api/."""

    schema = None

    def initial(self, request, *args, **kwargs):
        raise NotFound({"request": ["there is no such address; /api/ lists them all"]})
