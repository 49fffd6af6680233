"""Another name for a tag; its address stays, or redirects."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from harvest.vocabulary.changes import CannotChange, Change, Effects, plural, slug_for
from harvest.vocabulary.naming import Naming
from publications.models import Tag, TagSlug
from publications.models.history import create_with_history, delete_with_history


@dataclass
class Rename(Change):
    """``new_address``: the address follows the name, and the old one redirects; else it stays."""

    tag: Tag
    name: str
    new_address: bool = False

    @property
    def title(self):
        return f"renamed the tag {self.tag} to {self.name}"

    def check(self):
        check_name(self.name, self.tag)
        if self.name == self.tag.name and self.slug == self.tag.slug:
            raise CannotChange(f"name: “{self.name}” is its name already")

    @property
    def slug(self):
        return slug_for(self.tag, self.name) if self.new_address else self.tag.slug

    def foresee(self):
        papers = plural(self.tag.assignments.count(), "paper")
        effects = Effects(papers=[(f"{papers} will have the tag under its new name", f"tag={self.tag.slug}")])
        library = getattr(self.tag, "library", None)
        if library:
            effects.libraries.append(f"the ADS library “{library.name}” is renamed by the next sync")
        effects.addresses.append(
            f"/tags/{self.tag.slug}/ redirects to /tags/{self.slug}/"
            if self.slug != self.tag.slug
            else f"/tags/{self.tag.slug}/ stays its address"
        )
        effects.rules = Naming(self.tag).foreseen(self.name)
        return effects

    def write(self, by):
        naming = Naming(self.tag)
        naming.rewrite(self.name)
        slug, self.tag.name = self.slug, self.name
        if slug != self.tag.slug:
            delete_with_history(list(self.tag.old_slugs.filter(slug=slug)))
            create_with_history(TagSlug, [TagSlug(slug=self.tag.slug, tag=self.tag)])
            self.tag.slug = slug
        self.tag.save()


def check_name(name, tag=None):
    """Whether ``name`` may be that of ``tag``, or of a new one."""
    try:
        Tag._meta.get_field("name").clean(name, tag)
    except ValidationError as error:
        raise CannotChange(f"name: {' '.join(error.messages)}") from error
    same = Tag.objects.filter(name_folded=name.casefold()).exclude(pk=tag and tag.pk)
    if other := same.select_related("category").first():
        raise CannotChange(
            f"name: there is a tag “{other}” already, in {other.category}: choose another name, "
            "or merge the two"
        )
