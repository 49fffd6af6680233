"""JMMC's file of software groups → rows.

``<jmmc><query/><group tag=""><description/><q/><bibcode/>…</group>…</jmmc>``: the tag is a name to look for,
and so is each ``q``.
"""

from defusedxml import ElementTree
from django.db import transaction

from harvest.models import SearchRule, SoftwareGroup
from publications import bibcode as bibcodes

# Groups of what has no name of its own.
NO_NAMES = ("others", "tbd")


class BrokenGroups(ValueError):
    """The file is not what is expected; the message names the group and the fix."""


def read_groups(text):
    """A dict of columns for each group of the file.

    Raises
    ------
    BrokenGroups
    """
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise BrokenGroups(f"cannot be read as XML: {error}") from error
    if root.tag != "jmmc":
        raise BrokenGroups(f"the first element is <{root.tag}>, <jmmc> is expected")
    groups = [read_group(number, element) for number, element in enumerate(root.findall("group"), start=1)]
    if not groups:
        raise BrokenGroups("there is no <group> in the file")
    names = [group["name"] for group in groups]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise BrokenGroups(f"two groups have the tag {twice!r}: join them")
    return groups


def read_group(number, element):
    tag = (element.get("tag") or "").strip()
    if not tag:
        raise BrokenGroups(f"group {number} has no attribute tag")
    own = texts(element, "bibcode")
    odd = next((bibcode for bibcode in own if not bibcodes.is_bibcode(bibcode)), None)
    if odd:
        raise BrokenGroups(f"group {tag!r}: {odd!r} is no bibcode")
    words = texts(element, "q")
    if not own and not words:
        raise BrokenGroups(f"group {tag!r} has neither <bibcode> nor <q>")
    if tag.casefold() not in NO_NAMES:
        words = list(dict.fromkeys([tag, *words]))
    description = " ".join(texts(element, "description"))
    return {"name": tag, "tag_name": tag, "description": description, "bibcodes": own, "words": words}


def texts(element, name):
    return [text for child in element.findall(name) if (text := (child.text or "").strip())]


@transaction.atomic
def import_groups(groups):
    """Make the groups and their rules; the one that stood for all of JMMC's is switched off."""
    for columns in groups:
        values = {key: value for key, value in columns.items() if key != "name"}
        group, _ = SoftwareGroup.objects.update_or_create(name=columns["name"], defaults=values)
        rule = {"kind": SearchRule.Kind.GROUP, "query": "<group>", "tag_name": group.tag_name}
        SearchRule.objects.get_or_create(group=group, defaults={"name": f"Software: {group.name}", **rule})
    if "JMMC" not in {columns["name"] for columns in groups}:
        for rule in SearchRule.objects.filter(group__name="JMMC", active=True):
            rule.active = False
            rule.note = "off: its papers are in groups of their own now"
            rule.save()
