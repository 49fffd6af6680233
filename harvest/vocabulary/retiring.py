"""A tag that is not given any more: papers keep it as a fact, which curators see."""

from dataclasses import dataclass

from harvest.vocabulary.changes import (
    CannotChange,
    Change,
    Effects,
    after_last,
    home_of_retired,
    library_given_up,
    plural,
)
from harvest.vocabulary.merging import lead_elsewhere
from harvest.vocabulary.naming import Naming
from publications.models import Tag


@dataclass
class Retire(Change):
    """``leads_to``: the tag to which its address leads; None: it says that the tag was retired."""

    tag: Tag
    leads_to: Tag | None = None

    @property
    def title(self):
        return f"retired the tag {self.tag}"

    def tags(self):
        return ("tag", "leads_to")

    def check(self):
        if self.tag.category.retired:
            raise CannotChange(f"“{self.tag}” is retired already")
        if self.leads_to == self.tag:
            raise CannotChange("leads_to: choose another tag than itself, or none")
        if self.leads_to and self.leads_to.category.retired:
            raise CannotChange(f"leads_to: “{self.leads_to}” is retired; choose a tag that is given")

    def foresee(self):
        tag, naming = self.tag, Naming(self.tag)
        papers = plural(tag.assignments.count(), "paper")
        effects = Effects(
            papers=[
                (
                    f"on {papers} it stays as a fact, which curators see and "
                    "nobody else; none gets it any more",
                    f"tag={tag.slug}",
                )
            ],
            libraries=library_given_up(tag) if tag.category.public else [],
            addresses=[f"/tags/{tag.slug}/ {self.becomes()}"],
        )
        effects.rules = [
            f"search rule “{rule}” goes on finding papers and suggests no tag" for rule in naming.search_rules
        ]
        effects.rules += [
            f"consistency rule {rule} names it and is switched off"
            for rule in naming.consistency_rules
            if rule.active
        ]
        effects.rules += [f"software group “{group}” keeps its tag" for group in naming.groups]
        effects.notes = [f"“{child}” stands below it no more" for child in tag.children.all()]
        return effects

    def becomes(self):
        if self.leads_to:
            return f"redirects to /tags/{self.leads_to.slug}/"
        return (
            "says that the tag was retired (410)" if self.tag.category.public else "stays unknown to visitors"
        )

    def prepare(self):
        home_of_retired()

    def write(self, by):
        tag = self.tag
        for rule in Naming(tag).consistency_rules:
            if rule.active:
                rule.active = False
                rule.save()
        for child in tag.children.all():
            child.parents.remove(tag)
        tag.parents.clear()
        tag.category = home_of_retired()
        tag.position, tag.leads_to = after_last(tag.category), self.leads_to
        tag.save()
        lead_elsewhere(tag, self.leads_to)
