"""The rules and software groups that name a tag, and what becomes of them when the tag changes."""

from functools import cached_property

from harvest.conditions import OF_CATEGORIES, OF_TAGS, BrokenCondition, Kind, read_conditions
from harvest.consistency import CannotApply, Vocabulary
from harvest.models import ConsistencyRule, SearchRule, SoftwareGroup


class Naming:
    """Who names ``tag``, by its present name or an earlier one."""

    def __init__(self, tag):
        self.tag, self.vocabulary = tag, Vocabulary()

    def names(self, name):
        return bool(name) and self.vocabulary.find(name) == self.tag

    @cached_property
    def search_rules(self):
        return [rule for rule in SearchRule.objects.all() if self.names(rule.tag_name)]

    @cached_property
    def groups(self):
        return [group for group in SoftwareGroup.objects.all() if self.names(group.tag_name)]

    @cached_property
    def consistency_rules(self):
        return [
            rule
            for rule in ConsistencyRule.objects.all()
            if self.names(rule.tag_name)
            or any(c.kind in OF_TAGS and self.names(c.subject) for c in conditions_of(rule))
        ]

    def rewrite(self, name):
        """Let all of them say ``name``. A rule that then asks for and against one tag is switched off."""
        for row in [*self.search_rules, *self.groups]:
            row.tag_name = name
            row.save()
        for rule in self.consistency_rules:
            self.reword(rule, name)
            rule.save()

    def reword(self, rule, name):
        if self.names(rule.tag_name):
            rule.tag_name = name
        lines = [self.reworded(condition, name) for condition in conditions_of(rule)]
        rule.condition = "\n".join(dict.fromkeys(lines))
        rule.active = rule.active and not contradicts_itself(rule.condition)

    def reworded(self, condition, name):
        if condition.kind in OF_TAGS and self.names(condition.subject):
            return f"{condition.kind.value} {name}"
        subject = "" if condition.subject is None else f" {condition.subject}"
        return f"{condition.kind.value}{subject}"

    def foreseen(self, name):
        """What `rewrite` will do, in sentences."""
        said = [f"search rule “{rule}” will suggest “{name}”" for rule in self.search_rules]
        said += [f"software group “{group}” will go by “{name}”" for group in self.groups]
        for rule in self.consistency_rules:
            self.reword(rule, name)
            off = contradicts_itself(rule.condition)
            said.append(
                f"consistency rule {rule} is switched off: it would ask for and against “{name}”"
                if off
                else f"consistency rule {rule} will name “{name}”"
            )
        return said


def conditions_of(rule):
    try:
        return read_conditions(rule.condition)
    except BrokenCondition:
        return []


def contradicts_itself(condition):
    subjects = {kind: set() for kind in OF_TAGS}
    for one in read_conditions(condition):
        if one.kind in OF_TAGS:
            subjects[one.kind].add(one.subject.casefold())
    return bool(subjects[Kind.HAS_TAG] & subjects[Kind.NO_TAG])


def rules_about(*categories):
    """Consistency rules whose conditions name one of ``categories``."""
    vocabulary, found = Vocabulary(), []
    for rule in ConsistencyRule.objects.active():
        for condition in conditions_of(rule):
            if condition.kind in OF_CATEGORIES and category_of(vocabulary, condition) in categories:
                found.append(rule)
                break
    return found


def category_of(vocabulary, condition):
    try:
        return vocabulary.category(condition.subject)
    except CannotApply:
        return None
