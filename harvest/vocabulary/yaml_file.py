"""The vocabulary as a YAML file: written, read, and checked. Pure, but for the rows that are written."""

from dataclasses import dataclass, field

import yaml

from publications.models import Category, Tag

HEAD = """\
# The vocabulary of OLBIN Publications. Edit it and import it again: a tag is known by its slug, which is
# permanent, else by its name. What is not in the file stays as it is; nothing is deleted by an import.
"""
LONGEST = 1_000_000
# A file of ours is nested 7 deep, also where a hand has put brackets.
DEEPEST = 20
OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
CATEGORY_KEYS = ("name", "label", "description", "public", "retired", "tags")
TAG_KEYS = ("name", "slug", "description", "parents", "leads_to")


class BrokenFile(ValueError):
    """The file is not what is expected; ``problems`` say where, and what to do."""

    def __init__(self, problems):
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass
class TagEntry:
    """A tag of the file. None: the file does not say it. ``where``: its place, for messages."""

    where: str
    name: str
    slug: str = ""
    description: str | None = None
    parents: list | None = None
    leads_to: str | None = None


@dataclass
class CategoryEntry:
    where: str
    name: str
    label: str | None = None
    description: str | None = None
    public: bool | None = None
    retired: bool = False
    tags: list = field(default_factory=list)


def written():
    """The whole vocabulary, hidden and retired tags too, as the text of a file."""
    tags = Tag.objects.select_related("leads_to").prefetch_related("parents").order_by("position", "name")
    by_category = {}
    for tag in tags:
        by_category.setdefault(tag.category_id, []).append(tag_as_written(tag))
    categories = [category_as_written(row, by_category.get(row.pk, [])) for row in Category.objects.all()]
    return HEAD + yaml.safe_dump({"categories": categories}, allow_unicode=True, sort_keys=False, width=100)


def category_as_written(row, tags):
    facts = {"name": row.name, "label": row.label, "description": row.description, "public": row.public}
    return facts | ({"retired": True} if row.retired else {}) | {"tags": tags}


def tag_as_written(tag):
    facts = {"name": tag.name, "slug": tag.slug, "description": tag.description}
    facts["parents"] = [parent.name for parent in tag.parents.all()]
    return facts | ({"leads_to": tag.leads_to.name} if tag.leads_to else {})


def read(text):
    """The `CategoryEntry` of each category of the file, in order.

    Raises
    ------
    BrokenFile
    """
    if len(text) > LONGEST:
        raise BrokenFile([f"file: at most {LONGEST:,} characters, not {len(text):,}"])
    try:
        refuse_traps(yaml.scan(text, yaml.SafeLoader))
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BrokenFile([f"file: it is no YAML: {' '.join(str(error).split())}"]) from error
    except BrokenFile:
        raise
    except ValueError as error:
        raise BrokenFile([f"file: it has a date or a number that cannot be: {error}"]) from error
    return Reader().categories(content)


def refuse_traps(tokens):
    """Aliases, which repeat a part of the file, and deep nesting fill the memory and the time of a reader."""
    depth = 0
    for token in tokens:
        if isinstance(token, yaml.AliasToken):
            raise BrokenFile(["file: an alias (*name) is not read; write the value out"])
        if isinstance(token, yaml.TagToken):
            raise BrokenFile(["file: a type (!!name) is not read; write the plain value"])
        depth += isinstance(token, OPENING) - isinstance(token, CLOSING)
        if depth > DEEPEST:
            raise BrokenFile(["file: it is nested too deeply"])


class Reader:
    """Goes through what YAML gave, and collects what is wrong with it."""

    def __init__(self):
        self.problems = []

    def categories(self, content):
        if not isinstance(content, dict) or not isinstance(content.get("categories"), list):
            raise BrokenFile(["file: a mapping with the list “categories” is expected"])
        self.known_keys("file", content, ("categories",))
        entries = [self.category(f"categories[{n}]", one) for n, one in enumerate(content["categories"])]
        self.refuse_repeated("category", [entry for entry in entries if entry])
        self.refuse_repeated("tag", [tag for entry in entries if entry for tag in entry.tags])
        if self.problems:
            raise BrokenFile(self.problems)
        return entries

    def category(self, where, one):
        if not self.is_mapping(where, one, CATEGORY_KEYS):
            return None
        tags = one.get("tags") or []
        if not isinstance(tags, list):
            self.problems.append(f"{where}.tags: a list is expected")
            tags = []
        read_tags = [self.tag(f"{where}.tags[{n}]", tag) for n, tag in enumerate(tags)]
        return CategoryEntry(
            where,
            self.text(where, one, "name", 60) or "",
            self.text(where, one, "label", 60),
            self.text(where, one, "description", 5000),
            self.truth(where, one, "public"),
            bool(self.truth(where, one, "retired")),
            [tag for tag in read_tags if tag],
        )

    def tag(self, where, one):
        if not self.is_mapping(where, one, TAG_KEYS):
            return None
        parents = one.get("parents")
        if parents is not None and not (
            isinstance(parents, list) and all(isinstance(p, str) for p in parents)
        ):
            self.problems.append(f"{where}.parents: a list of names of tags is expected; quote each")
            parents = None
        return TagEntry(
            where,
            self.text(where, one, "name", 120) or "",
            self.text(where, one, "slug", 100) or "",
            self.text(where, one, "description", 5000),
            parents,
            self.text(where, one, "leads_to", 120),
        )

    def is_mapping(self, where, one, keys):
        if not isinstance(one, dict) or one.get("name") in (None, ""):
            self.problems.append(f"{where}: a mapping with a name is expected")
            return False
        self.known_keys(where, one, keys)
        return True

    def known_keys(self, where, one, keys):
        self.problems += [
            f"{where}: there is no key “{str(key)[:40]}”; known are {', '.join(keys)}"
            for key in one
            if key not in keys
        ]

    def text(self, where, one, key, longest):
        value = one.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.problems.append(f"{where}.{key}: {str(value)[:40]!r} is no text to YAML: put it in quotes")
            return None
        value = value.strip() if key == "description" else " ".join(value.split())
        if len(value) > longest or "\0" in value:
            self.problems.append(f"{where}.{key}: at most {longest} characters are kept, not {len(value)}")
        return value

    def truth(self, where, one, key):
        value = one.get(key)
        if value is not None and not isinstance(value, bool):
            self.problems.append(f"{where}.{key}: true or false is expected, not {str(value)[:40]!r}")
            return None
        return value

    def refuse_repeated(self, what, entries):
        for attribute in ("name", "slug"):
            seen = {}
            for entry in entries:
                value = getattr(entry, attribute, "").casefold()
                if value and value in seen:
                    self.problems.append(
                        f"{entry.where}: the {what} {attribute} {value!r} is at {seen[value]} too"
                    )
                seen.setdefault(value, entry.where)
