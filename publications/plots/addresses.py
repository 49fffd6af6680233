"""The address of exactly the papers that a number counts."""

# What says how a list is shown, not which papers are in it.
SHOWING = ("sort", "page", "per_page")


def narrowed(selection, where):
    """The query string of the papers of ``selection`` that also meet the conditions ``where``.

    None when the parameters of a selection cannot say it: two tags joined by "or" leave no room
    for a third one that must be there too.
    """
    if where is None:
        return None
    query = selection.parameters.copy()
    for name in SHOWING:
        query.pop(name, None)
    if not set_tags(query, selection, where):
        return None
    for name, value in where:
        if name == "not":
            leave_out(query, [value])
        elif name == "untagged":
            set_untagged(query, selection, *value)
        elif name == "year":
            query["year"] = years(value, selection.value("year"))
        elif name not in ("tag", "any") and not set_alone(query, selection, name, value):
            return None
    return query.urlencode(safe="/:,")


def set_tags(query, selection, where):
    """Put the tags of ``where`` beside those of the selection; False when no list of tags says it."""
    given = [tag.slug for tag in selection.value("tag") or []]
    wanted = [value for name, value in where if name == "tag"]
    choices = [value for name, value in where if name == "any"]
    if selection.value("op") == "or" and len(given) > 1:
        # One of the given tags being there meets the "or"; any other cannot be added to it.
        if choices or (wanted and not set(wanted) & set(given)):
            return False
        given = [] if wanted else given
    if choices and (given or wanted or len(choices) > 1):
        return False
    if choices or wanted:
        query.setlist("tag", list(dict.fromkeys([*given, *wanted, *(choices[0] if choices else ())])))
        query.pop("op", None)
        if choices:
            query["op"] = "or"
    return True


def leave_out(query, slugs):
    query.setlist("not", list(dict.fromkeys([*query.getlist("not"), *slugs])))


def set_untagged(query, selection, category, slugs):
    """Leave out what has a tag of ``category``: each of its ``slugs`` where ``untagged`` names another.

    The parameter has one value.
    """
    given = selection.value("untagged")
    named = given.name if given else query.get("untagged")
    if not named:
        query["untagged"] = category
    elif named != category:
        leave_out(query, slugs)


def set_alone(query, selection, name, value):
    """Set a parameter that has one value; False when the selection does not know it or gives another."""
    if name not in selection.filters:
        return False
    if name not in ("journal", "refereed") and query.get(name) not in (None, "", value):
        return False
    query[name] = value
    return True


def years(wanted, given):
    """``2012`` or ``2010-2014``: the years ``wanted`` inside the range ``given`` (None: any)."""
    (first, last), (low, high) = wanted, given or (None, None)
    first = max((year for year in (first, low) if year is not None), default=None)
    last = min((year for year in (last, high) if year is not None), default=None)
    return str(first) if first == last else f"{first or ''}-{last or ''}"
