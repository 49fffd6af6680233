"""The vocabulary becomes what a file says; what the file does not say stays."""

from dataclasses import dataclass, field
from functools import partial

from django.core.exceptions import ValidationError

from harvest.vocabulary.changes import CannotChange, Change, Effects, after_last, descendants
from harvest.vocabulary.moving import Move
from harvest.vocabulary.naming import Naming
from harvest.vocabulary.renaming import Rename, check_name
from publications.models import Category, Tag, TagSlug


class NothingToChange(CannotChange):
    """The vocabulary is what the file says already."""


@dataclass
class Import(Change):
    """``entries``: the categories of a file. Every difference is a step: a sentence, and what does it.

    ``new_categories``: whether the person may make categories.
    """

    entries: list
    new_categories: bool = True
    steps: list = field(default_factory=list, repr=False)
    changes_of_tags: list = field(default_factory=list, repr=False)

    title = "imported the vocabulary from a file"

    def tags(self):
        return ()

    def lock(self):
        list(Tag.objects.select_for_update().order_by("pk"))

    def check(self):
        """Compares the file with the vocabulary of now."""
        self.steps, self.changes_of_tags, problems = [], [], []
        self.categories = {row.name: row for row in Category.objects.all()}
        rows = list(Tag.objects.select_related("category").prefetch_related("parents"))
        self.by_slug, self.by_name = {row.slug: row for row in rows}, {row.name_folded: row for row in rows}
        named = {tag.name.casefold() for entry in self.entries for tag in entry.tags} | {*self.by_name}
        for entry in self.entries:
            for compare in (
                partial(self.category, entry),
                *(partial(self.tag, entry, tag) for tag in entry.tags),
            ):
                try:
                    compare()
                except CannotChange as error:
                    problems.append(str(error))
        for entry in self.entries:
            for tag in entry.tags:
                unknown = [name for name in tag.parents or [] if name.casefold() not in named]
                problems += [
                    f"{tag.where}.parents: there is no tag “{name}” in the file or here" for name in unknown
                ]
                if not unknown and not entry.retired:
                    self.parents(tag)
        self.order()
        if problems:
            raise CannotChange("; ".join(problems[:20]))
        if not self.steps:
            raise NothingToChange("The file says what the vocabulary is already: nothing is to be done.")

    def foresee(self):
        """The steps, and what each change of a tag means beyond it."""
        effects = Effects(notes=[said for said, _ in self.steps])
        for change in self.changes_of_tags:
            meant = change.foresee()
            effects.libraries += meant.libraries
            effects.rules += meant.rules
        return effects

    def write(self, by):
        for _, do in self.steps:
            do()
        for tag in Tag.objects.all():
            if {*tag.parents.values_list("pk", flat=True)} & descendants(tag):
                raise CannotChange(f"“{tag}” would be above itself: correct its parents in the file")

    def step(self, said, do, *arguments):
        self.steps.append((said, partial(do, *arguments)))

    # --- Categories ------------------------------------------------------------------------------

    def category(self, entry):
        row = self.categories.get(entry.name)
        if row is None:
            if not self.new_categories:
                raise CannotChange(
                    f"{entry.where}: there is no category “{entry.name}”, and only an administrator makes one"
                )
            if entry.retired and Category.objects.filter(retired=True).exists():
                raise CannotChange(f"{entry.where}: there is a category for retired tags already")
            checked(Category, "name", entry.name, entry.where)
            self.step(f"new category {entry.name}", self.make_category, entry)
            return
        if entry.retired != row.retired:
            raise CannotChange(f"{entry.where}.retired: this cannot be changed by a file")
        values = {"label": entry.label, "description": entry.description, "public": entry.public}
        changed = {name: v for name, v in values.items() if v is not None and v != getattr(row, name)}
        if changed.get("public") and row.retired:
            raise CannotChange(f"{entry.where}.public: retired tags are never shown")
        for name, value in changed.items():
            said = {True: "is shown to visitors", False: "is hidden from visitors"}.get(value)
            said = said if name == "public" else f"has another {name}: “{value}”"
            self.step(f"category {entry.name} {said}", self.change, row, {name: value})

    @staticmethod
    def to_be_made(entry):
        row = Category(name=entry.name, label=entry.label or "", description=entry.description or "")
        row.retired, row.public = entry.retired, entry.public is not False and not entry.retired
        return row

    def make_category(self, entry):
        row = self.to_be_made(entry)
        row.position = (
            max([one.position for one in self.categories.values() if not one.retired], default=0) + 1
        )
        row.save()
        self.categories[row.name] = row

    # --- Tags ------------------------------------------------------------------------------------

    def known(self, tag):
        return (tag.slug and self.by_slug.get(tag.slug)) or self.by_name.get(tag.name.casefold())

    def tag(self, entry, tag):
        row = self.known(tag)
        if row is None:
            check_place(tag, check_name, tag.name)
            checked(Tag, "slug", tag.slug, tag.where)
            if old := TagSlug.objects.filter(slug=tag.slug).select_related("tag").first():
                raise CannotChange(f"{tag.where}.slug: it was the address of “{old.tag}”; leave it out")
            self.step(f"new tag {tag.name} in {entry.name}", self.make_tag, entry, tag)
            return
        if row.category.retired != entry.retired:
            where = "retired here: move it back" if row.category.retired else "in use here: retire it"
            raise CannotChange(f"{tag.where}: “{row}” is {where} on its page first")
        if row.name != tag.name:
            check_place(tag, check_name, tag.name, row)
            self.step(f"{row} is renamed to {tag.name}", self.rename, row, tag.name)
            self.changes_of_tags.append(Rename(row, tag.name))
        if row.category.name != entry.name:
            self.step(f"{row} moves from {row.category} to {entry.name}", self.move, row, entry.name)
            home = self.categories.get(entry.name) or self.to_be_made(entry)
            self.changes_of_tags.append(Move(row, home))
        if tag.description is not None and tag.description != row.description:
            self.step(
                f"{tag.name} has another description", self.change, row, {"description": tag.description}
            )

    def make_tag(self, entry, tag):
        home = self.categories[entry.name]
        row = Tag(category=home, name=tag.name, slug=tag.slug, description=tag.description or "")
        row.position = after_last(home)
        row.leads_to = self.by_name.get((tag.leads_to or "").casefold())
        row.save()
        self.by_slug[row.slug] = self.by_name[row.name_folded] = row

    def rename(self, row, name):
        Naming(row).rewrite(name)
        self.change(row, {"name": name})
        self.by_name[row.name_folded] = row

    def move(self, row, name):
        home = self.categories[name]
        self.change(row, {"category": home, "position": after_last(home)})

    def parents(self, tag):
        row = self.known(tag)
        before = {parent.name.casefold() for parent in row.parents.all()} if row else set()
        if tag.parents is None or before == {name.casefold() for name in tag.parents}:
            return
        named = ", ".join(tag.parents) or "none"
        self.step(f"{tag.name} has the parents: {named}", self.set_parents, tag)

    def set_parents(self, tag):
        self.known(tag).parents.set([self.by_name[name.casefold()] for name in tag.parents])

    @staticmethod
    def change(row, values):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()

    # --- Order -----------------------------------------------------------------------------------

    def order(self):
        """Categories, and tags in each, stand in the order of the file; those not in it come after."""
        names = [entry.name for entry in self.entries]
        here = [name for name in self.categories if name in names]
        if here != [name for name in names if name in self.categories]:
            self.step("categories stand in the order of the file", self.set_order, names)
        for entry in self.entries:
            row = self.categories.get(entry.name)
            known = [self.known(tag) for tag in entry.tags]
            known = [one for one in known if one and row and one.category_id == row.pk]
            if known != sorted(known, key=lambda one: (one.position, one.name)):
                self.step(f"tags of {entry.name} stand in the order of the file", self.set_tag_order, entry)

    def set_order(self, names):
        for position, name in enumerate(names, start=1):
            if not self.categories[name].retired:
                self.change(self.categories[name], {"position": position})

    def set_tag_order(self, entry):
        for position, tag in enumerate(entry.tags, start=1):
            self.change(self.known(tag), {"position": position})


def check_place(tag, check, *arguments):
    try:
        check(*arguments)
    except CannotChange as error:
        raise CannotChange(f"{tag.where}.{error}") from error


def checked(model, name, value, where):
    """Whether the column ``name`` of ``model`` takes the value; empty is well."""
    try:
        if value:
            model._meta.get_field(name).clean(value, None)
    except ValidationError as error:
        raise CannotChange(f"{where}.{name}: {' '.join(error.messages)}") from error
