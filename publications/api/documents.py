"""What the API answers: the shape of each thing, and its description in the schema."""

from rest_framework import serializers


class Document(serializers.Serializer):
    """A thing with the fields that ``context["fields"]`` names; all of them when it names none."""

    def get_fields(self):
        fields = super().get_fields()
        wanted = self.context.get("fields") or fields
        return {name: field for name, field in fields.items() if name in wanted}


def text(**options):
    return serializers.CharField(read_only=True, **options)


def number(**options):
    return serializers.IntegerField(read_only=True, **options)


class PaperTag(serializers.Serializer):
    category, name, slug = text(), text(), text()


class PaperDocument(Document):
    """The facts of a paper as `papers_json.facts` gives them; unknown is null."""

    bibcode = text(help_text="19 characters, as ADS gives it")
    title = text(allow_null=True, help_text="without markup")
    authors = serializers.ListField(child=text(), read_only=True, help_text="in order")
    authors_complete = serializers.BooleanField(
        read_only=True,
        allow_null=True,
        help_text="false: the list stops at “et al.”; null: no author is known",
    )
    year = number()
    pubdate = text(allow_null=True, help_text="YYYY-MM-DD, 00 for unknown parts")
    journal = text(help_text="bibstem")
    volume = text(allow_null=True)
    page = text(allow_null=True)
    doi = text(allow_null=True)
    arxiv = text(allow_null=True)
    refereed = serializers.BooleanField(read_only=True, allow_null=True)
    citations = number(allow_null=True, help_text="ADS's count")
    citations_on = serializers.DateField(read_only=True, allow_null=True, help_text="when ADS said so")
    added = serializers.DateField(read_only=True, allow_null=True, help_text="day of entry (UTC)")
    keywords = serializers.ListField(child=text(), read_only=True)
    tags = PaperTag(many=True, read_only=True, help_text="in the order of the vocabulary")
    targets = serializers.ListField(child=text(), read_only=True, help_text="names of targets linked to it")
    url = text(help_text="the paper's page here")
    ads_url = text(help_text="the paper at ADS")


class TagDocument(Document):
    slug, name = text(), text()
    category = text(source="category.name")
    description = text()
    parents = serializers.SerializerMethodField(help_text="slugs of public parents")
    papers = number(source="papers_count", help_text="how many carry the tag")

    def get_parents(self, tag) -> list[str]:
        return [parent.slug for parent in tag.parents.all()]


class CategoryDocument(Document):
    name, description = text(), text()
    label = text(source="__str__", help_text="what pages show")
    tags = serializers.SerializerMethodField(help_text="slugs in order")

    def get_tags(self, category) -> list[str]:
        return [tag.slug for tag in category.tags.all()]


class JournalDocument(Document):
    bibstem, name = text(), text()
    papers = number(source="papers_count")


class TargetDocument(Document):
    slug, name = text(), text()
    aliases = serializers.SerializerMethodField()
    otype = text(help_text="SIMBAD's short form of the object type; empty when not known")
    simbad_oid = number(allow_null=True)
    ra = serializers.FloatField(read_only=True, allow_null=True, help_text="degrees, ICRS, J2000.0")
    dec = serializers.FloatField(read_only=True, allow_null=True, help_text="degrees, ICRS, J2000.0")
    pmra = serializers.FloatField(read_only=True, allow_null=True, help_text="mas/yr, times cos(dec)")
    pmdec = serializers.FloatField(read_only=True, allow_null=True, help_text="mas/yr")
    papers = number(source="papers_count", help_text="how many are linked to it")

    def get_aliases(self, target) -> list[str]:
        return [alias.name for alias in target.aliases.all()]


class LibraryDocument(Document):
    """One of our libraries at ADS."""

    name, description = text(), text()
    ads_id = text(allow_null=True, help_text="its id at ADS; null when not bound yet")
    tag = serializers.SerializerMethodField(help_text="slug of the tag whose papers it holds, or null")
    papers = number(source="entries_count", help_text="bibcodes that it held when last synchronised")
    synced_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_tag(self, library) -> str | None:
        shown = library.tag_id and library.tag.category.public
        return library.tag.slug if shown else None


class YearCount(serializers.Serializer):
    year, papers = number(), number()


class TagCount(serializers.Serializer):
    slug, name, category, papers = text(), text(), text(), number()


class JournalCount(serializers.Serializer):
    bibstem, papers = text(), number()


class RefereedCount(serializers.Serializer):
    yes, no = number(), number()
    unknown = number()


class StatisticsDocument(Document):
    """Numbers of papers of a selection; what no paper has is left out."""

    papers = number()
    refereed = RefereedCount(read_only=True)
    years = YearCount(many=True, read_only=True)
    journals = JournalCount(many=True, read_only=True)
    tags = TagCount(many=True, read_only=True)


class ErrorDocument(serializers.Serializer):
    errors = serializers.DictField(
        child=serializers.ListField(child=text()), read_only=True, help_text="messages by parameter"
    )


def page_of(document):
    """The document of a page of ``document``."""
    name = document.__name__.removesuffix("Document")
    shape = {
        "count": number(help_text="rows on all pages"),
        "next": text(allow_null=True, help_text="address of the next page"),
        "previous": text(allow_null=True, help_text="address of the page before"),
        "results": document(many=True, read_only=True),
    }
    return type(f"{name}PageDocument", (serializers.Serializer,), shape)
