"""A tag goes to another category."""

from dataclasses import dataclass

from harvest.vocabulary.changes import (
    CannotChange,
    Change,
    Effects,
    after_last,
    library_given_up,
    library_to_make,
    plural,
)
from harvest.vocabulary.naming import rules_about
from publications.models import Category, Tag


@dataclass
class Move(Change):
    """Also the way back for a retired tag."""

    tag: Tag
    category: Category

    @property
    def title(self):
        return f"moved the tag {self.tag} from {self.tag.category} to {self.category}"

    def check(self):
        if self.tag.category_id == self.category.pk:
            raise CannotChange(f"category: “{self.tag}” is in {self.category} already")
        if self.category.retired:
            raise CannotChange("category: to take a tag out of use, retire it")

    def foresee(self):
        tag, before, after = self.tag, self.tag.category, self.category
        number = tag.assignments.count()
        effects = Effects(
            papers=[(f"{plural(number, 'paper')} will have the tag as before", f"tag={tag.slug}")]
        )
        effects.addresses.append(f"/tags/{tag.slug}/ stays its address")
        if before.public and not after.public:
            effects.notes.append(f"{after} is hidden: visitors do not see the tag any more, nor its address")
            effects.libraries = library_given_up(tag)
        elif after.public and not before.public:
            effects.notes.append(f"{after} is public: visitors see the tag and its papers")
            effects.libraries = library_to_make(tag)
        effects.notes.append(f"in CSV files it stands in the column {after.name}, no more in {before.name}")
        effects.rules = [
            f"consistency rule {rule} looks at these categories" for rule in rules_about(before, after)
        ]
        return effects

    def write(self, by):
        self.tag.category, self.tag.position = self.category, after_last(self.category)
        self.tag.leads_to = None
        self.tag.save()
