"""Two tags become one: papers, children, rules and old addresses go over to the other."""

from dataclasses import dataclass

from harvest.vocabulary.changes import (
    CannotChange,
    Change,
    Effects,
    descendants,
    library_given_up,
    plural,
)
from harvest.vocabulary.naming import Naming
from publications.models import Tag, TagAssignment, TagSlug
from publications.models.history import create_with_history, delete_with_history, update_with_history


@dataclass
class Merge(Change):
    """``tag`` goes, ``into`` stays."""

    tag: Tag
    into: Tag

    @property
    def title(self):
        return f"merged the tag {self.tag} into {self.into}"

    def tags(self):
        return ("tag", "into")

    def check(self):
        if self.tag == self.into:
            raise CannotChange("into: choose another tag than itself")
        if self.into.category.retired:
            raise CannotChange(f"into: “{self.into}” is retired; choose a tag that is given")

    def foresee(self):
        tag, into = self.tag, self.into
        both = self.carrying_both().count()
        gets = tag.assignments.count() - both
        effects = Effects(
            papers=[
                (
                    f"{plural(gets, 'paper')} with “{tag}” will have “{into}” instead",
                    f"tag={tag.slug}&not={into.slug}",
                ),
                (
                    f"{plural(both, 'paper')} with both will have “{into}” only",
                    f"tag={tag.slug}&tag={into.slug}",
                ),
            ],
            addresses=[f"/tags/{slug}/ redirects to /tags/{into.slug}/" for slug in self.slugs()],
            rules=Naming(tag).foreseen(into.name),
        )
        if into.category.public and gets:
            effects.libraries.append(
                f"the ADS library of “{into}” gets {plural(gets, 'paper')} by the next sync"
            )
        effects.libraries += library_given_up(tag)
        effects.notes = [f"“{child}” stands below “{into}” then" for child in self.children()]
        effects.notes += [f"“{into}” gets the parent “{parent}”" for parent in self.parents_to_get()]
        if not into.description and tag.description:
            effects.notes.append(f"“{into}” gets the description of “{tag}”")
        if tag.category.public != into.category.public:
            what = "see these papers’ tag then" if into.category.public else "do not see it any more"
            effects.notes.append(
                f"“{into}” is {'public' if into.category.public else 'hidden'}: visitors {what}"
            )
        return effects

    def carrying_both(self):
        return self.tag.assignments.filter(paper__in=self.into.assignments.values("paper"))

    def slugs(self):
        return [self.tag.slug, *self.tag.old_slugs.values_list("slug", flat=True)]

    def children(self):
        """Those of its children that can stand below the other: not itself, and nothing above it."""
        return [
            child
            for child in self.tag.children.exclude(pk=self.into.pk)
            if self.into.pk not in descendants(child)
        ]

    def parents_to_get(self):
        """The other's parents are alternatives: it gets more of them when it has some already."""
        if not self.into.parents.exists():
            return []
        below = descendants(self.into)
        known = set(self.into.parents.values_list("pk", flat=True))
        return [p for p in self.tag.parents.all() if p.pk not in below | known]

    def write(self, by):
        tag, into = self.tag, self.into
        Naming(tag).rewrite(into.name)
        children, parents = self.children(), self.parents_to_get()
        for child in tag.children.all():
            child.parents.remove(tag)
        for child in children:
            child.parents.add(into)
        into.parents.add(*parents)
        if not into.description and tag.description:
            into.description = tag.description
            into.save()
        give_instead(list(tag.assignments.all()), into)
        old = list(tag.old_slugs.all())
        for slug in old:
            slug.tag = into
        update_with_history(TagSlug, old, ["tag"])
        create_with_history(TagSlug, [TagSlug(slug=tag.slug, tag=into)])
        lead_elsewhere(tag, into)
        tag.delete()


def give_instead(assignments, tag):
    """``assignments`` become those of ``tag``, by whom and when they were given; none is doubled."""
    carried = set(tag.assignments.values_list("paper_id", flat=True))
    moved = [given for given in assignments if given.paper_id not in carried]
    for given in moved:
        given.tag = tag
    update_with_history(TagAssignment, moved, ["tag"])
    delete_with_history([given for given in assignments if given.paper_id in carried])


def lead_elsewhere(tag, into):
    """Retired tags whose address leads to ``tag`` lead to ``into`` (None: nowhere)."""
    leading = list(Tag.objects.filter(leads_to=tag))
    for retired in leading:
        retired.leads_to = into
    update_with_history(Tag, leading, ["leads_to"])
