"""A category is shown to visitors, or hidden from them."""

from dataclasses import dataclass

from harvest.vocabulary.changes import CannotChange, Change, Effects, plural
from publications.models import Category, Library, Paper, Tag


@dataclass
class Show(Change):
    """``public``: what it shall be."""

    category: Category
    public: bool

    @property
    def title(self):
        return f"{'showed' if self.public else 'hid'} the category {self.category}"

    def tags(self):
        return ()

    def lock(self):
        self.category = Category.objects.select_for_update().get(pk=self.category.pk)

    def check(self):
        if self.category.retired and self.public:
            raise CannotChange("retired tags are never shown to visitors: move a tag to another category")
        if self.category.public == self.public:
            raise CannotChange(f"{self.category} is {'public' if self.public else 'hidden'} already")

    def foresee(self):
        names = list(self.category.tags.values_list("name", flat=True))
        carrying = Paper.objects.tagged_in(self.category).count()
        tags, papers = plural(len(names), "tag"), plural(carrying, "paper")
        effects = Effects()
        libraries = Library.objects.filter(tag__in=self.category.tags.all()).exclude(ads_id=None)
        if self.public:
            effects.papers.append((f"visitors see {tags} on {papers}", ""))
            effects.addresses.append(f"{tags} get pages, searches and figures for everybody")
            effects.libraries.append(f"the next sync makes, or fills, the ADS libraries of {tags}")
        else:
            effects.papers.append((f"visitors do not see {tags} on {papers} any more; curators do", ""))
            effects.addresses.append(f"the pages of {tags} are unknown to visitors, and so are links to them")
            effects.libraries += [
                f"“{library.name}” will be emptied by a sync once a person agrees; "
                "it leaves the public list at once"
                for library in libraries
            ]
        verb = "gain" if self.public else "lose"
        effects.notes.append(f"CSV files, the API and the VO service {verb} the column {self.category.name}")
        if names:
            effects.notes.append(f"the tags: {', '.join(names)}")
        return effects

    def write(self, by):
        self.category.public = self.public
        self.category.save()


def tags_by_category():
    """``[(category, [tag, …])]`` with ``papers_count`` of each tag, in vocabulary order."""
    tags = Tag.objects.with_paper_counts().prefetch_related("parents").order_by("position", "name")
    by_category = {}
    for tag in tags:
        by_category.setdefault(tag.category_id, []).append(tag)
    return [(category, by_category.get(category.pk, [])) for category in Category.objects.all()]
