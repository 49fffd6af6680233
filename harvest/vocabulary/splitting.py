"""One tag becomes several: which of its papers get which is said by searches of this site."""

from collections import defaultdict
from dataclasses import dataclass

from harvest.vocabulary.changes import CannotChange, Change, Effects, after_last, plural
from harvest.vocabulary.merging import give_instead
from harvest.vocabulary.naming import Naming
from harvest.vocabulary.renaming import check_name
from publications.filters import PaperFilterSet
from publications.models import Paper, Tag, TagAssignment
from publications.models.history import create_with_history


@dataclass
class Part:
    """Papers of the selection ``query`` (a `QueryDict`) get the tag ``name``, which may be a new one."""

    name: str
    query: object
    tag: Tag | None = None


@dataclass
class Split(Change):
    """``keep``: the papers keep the old tag beside the new ones; else only those of no part keep it."""

    tag: Tag
    parts: list
    user: object
    keep: bool = False

    @property
    def title(self):
        return f"split the tag {self.tag} into {', '.join(part.name for part in self.parts)}"

    def check(self):
        if not self.parts:
            raise CannotChange("name: say at least one tag to which papers go")
        if len({part.name.casefold() for part in self.parts}) < len(self.parts):
            raise CannotChange("name: two parts have the same tag: join their searches with OR")
        for part in self.parts:
            part.tag = Tag.objects.select_related("category").filter(name_folded=part.name.casefold()).first()
            if part.tag is None:
                check_name(part.name)
            elif part.tag == self.tag:
                raise CannotChange(
                    f"name: “{part.name}” is the tag that is split; its other papers keep it anyway"
                )
            elif part.tag.category.retired:
                raise CannotChange(f"name: “{part.name}” is retired; choose a tag that is given")
            self.selected(part)

    def selected(self, part):
        """Papers with the tag that the part's search finds."""
        selection = PaperFilterSet(part.query, user=self.user)
        if not selection.is_valid():
            raise CannotChange(f"search of “{part.name}”: {' '.join(selection.messages())}")
        return selection.qs.tagged_with_all([self.tag]).order_by()

    def destinations(self):
        """``{paper's key: [part, …]}`` of the papers that some part selects."""
        found = defaultdict(list)
        for part in self.parts:
            for paper in self.selected(part).values_list("pk", flat=True):
                found[paper].append(part)
        return found

    def foresee(self):
        effects, found = Effects(), self.destinations()
        for part in self.parts:
            number = sum(part in parts for parts in found.values())
            made = "" if part.tag else f", a new tag in {self.tag.category}"
            query = "&".join(filter(None, [f"tag={self.tag.slug}", part.query.urlencode()]))
            effects.papers.append((f"{plural(number, 'paper')} will have “{part.name}”{made}", query))
        several = sum(len(parts) > 1 for parts in found.values())
        effects.papers.append((f"{plural(several, 'paper')} of these will have more than one", ""))
        all_of_them = self.tag.assignments.count()
        left = all_of_them if self.keep else all_of_them - len(found)
        effects.papers.append((f"{plural(left, 'paper')} will have “{self.tag}” as before", ""))
        effects.addresses.append(f"/tags/{self.tag.slug}/ stays the address of “{self.tag}”")
        if self.tag.category.public:
            effects.libraries.append(
                "the next sync brings the ADS libraries of all these tags into step; it waits for a person "
                "before it removes many papers from one"
            )
        naming = Naming(self.tag)
        effects.rules = [
            f"{row} names “{self.tag}” and goes on doing so"
            for row in [*naming.search_rules, *naming.consistency_rules, *naming.groups]
        ]
        if not left:
            effects.notes.append(
                f"no paper keeps “{self.tag}”: retire it afterwards, or merge it into one of them"
            )
        return effects

    def lock(self):
        super().lock()
        given = [part.tag.pk for part in self.parts if part.tag]
        list(Tag.objects.select_for_update().order_by("pk").filter(pk__in=given))

    def write(self, by):
        found = self.destinations()
        for part in self.parts:
            part.tag = part.tag or self.new_tag(part.name)
        if not self.keep:
            self.replace(found)
        for part in self.parts:
            wanted = {paper for paper, parts in found.items() if part in parts}
            carried = set(part.tag.assignments.values_list("paper_id", flat=True))
            papers = Paper.objects.filter(pk__in=wanted - carried).order_by("pk")
            create_with_history(
                TagAssignment,
                [TagAssignment(paper=paper, tag=part.tag, given_by=by) for paper in papers.only("pk")],
            )

    def replace(self, found):
        """Each assignment becomes that of its first part, by whom and when it was given."""
        by_part = defaultdict(list)
        for given in self.tag.assignments.filter(paper__in=list(found)):
            by_part[found[given.paper_id][0].tag].append(given)
        for tag, assignments in by_part.items():
            give_instead(assignments, tag)

    def new_tag(self, name):
        tag = Tag(category=self.tag.category, name=name, position=after_last(self.tag.category))
        tag.save()
        tag.parents.set(self.tag.parents.all())
        return tag
