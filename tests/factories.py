"""Rows for tests. Each factory makes a valid row; a test names only what it is about."""

import datetime

import factory
from factory.django import DjangoModelFactory

from publications import bibcode as bibcodes
from publications import models


class JournalFactory(DjangoModelFactory):
    class Meta:
        model = models.Journal
        django_get_or_create = ["bibstem"]

    bibstem = "A&A"
    name = "Astronomy and Astrophysics"


class PaperFactory(DjangoModelFactory):
    """``PaperFactory(bibcode=…, authors=["Mérand, A."], tags=[tag], keywords=["stars"])``."""

    class Meta:
        model = models.Paper
        skip_postgeneration_save = True

    bibcode = factory.Sequence(
        lambda n: f"2012A&A...540A{n % 10000:.>4}D".replace("540", f"{540 + n // 10000}")
    )
    title = factory.Sequence(lambda n: f"Interferometry of star number {n}")
    year = factory.LazyAttribute(lambda paper: bibcodes.parse(paper.bibcode).year)
    journal = factory.LazyAttribute(
        lambda paper: JournalFactory(bibstem=bibcodes.parse(paper.bibcode).bibstem, name="")
    )
    refereed = True
    added = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)

    @factory.post_generation
    def authors(self, create, names):
        for position, name in enumerate(names or [], start=1):
            author = models.Author.objects.filter(name=name).first()
            if author is None:
                author = models.Author.spelled(name)
                author.save()
            models.Authorship.objects.create(paper=self, author=author, position=position)
        if names:
            self.derive(first_author=names[0])
            self.save()

    @factory.post_generation
    def tags(self, create, tags):
        for tag in tags or []:
            models.TagAssignment.objects.create(paper=self, tag=tag)

    @factory.post_generation
    def keywords(self, create, names):
        for name in names or []:
            keyword, _ = models.Keyword.objects.get_or_create(
                name=name, defaults={"folded": models.Keyword.spelled(name).folded}
            )
            self.keywords.add(keyword)


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = models.Category
        django_get_or_create = ["name"]

    name = "Facility"


class TagFactory(DjangoModelFactory):
    class Meta:
        model = models.Tag
        django_get_or_create = ["name"]

    name = factory.Sequence(lambda n: f"Tag {n}")
    category = factory.SubFactory(CategoryFactory)
    position = factory.Sequence(lambda n: n)


class HiddenTagFactory(TagFactory):
    category = factory.SubFactory(CategoryFactory, name="HIDDEN", label="JMMC", public=False, position=99)


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = models.Target
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"HD {n + 1}")
    ra = 10.0
    dec = -5.0
