"""Who did what, when: acts, and single lines of the history outside them, as people read them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q

from publications.models import Act, Identifier, Paper
from publications.undo import clocks, lists, tracked_models

VERBS = {"+": "added", "~": "changed", "-": "removed"}
# What a row is called by, the first that it has.
NAMES = ("bibcode", "name", "slug", "bibstem", "value")


# What must be allowed to a person, one of these, for each kind of change that an undo takes back.
RIGHTS = {"+": ("add", "delete"), "-": ("add", "delete"), "~": ("add", "change", "delete")}
# A paper is made by who decides on a candidate, and unmade by who may decide.
MADE_BY_DECIDING = (Paper, "+")


def may_undo(person, past):
    """Whether the person may write rows of each kind that the act changed, and make those that it made."""
    done = [(model, kind) for model in tracked_models() for kind in kinds_of_change(model, past)]
    return (
        bool(done)
        and person.has_perm("publications.change_act")
        and all(may_take_back(person, *change) for change in done)
    )


def may_take_back(person, model, kind):
    if (model, kind) == MADE_BY_DECIDING and person.has_perm("harvest.change_candidate"):
        return True
    label, name = model._meta.app_label, model._meta.model_name
    return any(person.has_perm(f"{label}.{right}_{name}") for right in RIGHTS[kind])


def kinds_of_change(model, past):
    """Of ``+ ~ -``, those that an act did to rows of ``model``."""
    return model.history.filter(act=past).order_by().values_list("history_type", flat=True).distinct()


def kinds_for(person):
    """``{name: model}`` of the models with a history that the person may look at."""
    return {
        model._meta.model_name: model
        for model in tracked_models()
        if person.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    }


@dataclass
class About:
    """One object: its row, what refers to it, and, for a paper, whatever bears one of its names."""

    model: type | None = None
    key: int | None = None
    names: list = field(default_factory=list)

    @classmethod
    def paper(cls, text):
        """By any identifier; also one that is no paper here (any more)."""
        found = Identifier.objects.filter(key=Identifier.key_of(text)).values_list("paper", flat=True).first()
        if found is None:
            return cls(names=[text])
        return cls(
            Paper, found, [text, *Identifier.objects.filter(paper=found).values_list("value", flat=True)]
        )

    def condition(self, model):
        """Which states of ``model`` are about it; None when none can be."""
        conditions = []
        if model is self.model:
            conditions.append(Q(id=self.key))
        columns = {column.name: column for column in model.history.model.tracked_fields}
        conditions += [
            Q(**{column.attname: self.key})
            for column in columns.values()
            if self.model and column.is_relation and column.related_model is self.model
        ]
        if self.names and "bibcode" in columns:
            conditions.append(Q(bibcode__in=self.names))
        return None if not conditions else any_of(conditions)


def any_of(conditions):
    joined = conditions[0]
    for condition in conditions[1:]:
        joined |= condition
    return joined


@dataclass
class Filter:
    """What is asked for; None means everything. ``since`` and ``until`` are moments."""

    kinds: dict
    everything: bool = True
    person: object = None
    about: About | None = None
    since: datetime | None = None
    until: datetime | None = None

    def lines(self, model):
        """The states of ``model`` that are asked for, in whatever act."""
        states = model.history.all()
        if self.about:
            condition = self.about.condition(model)
            if condition is None:
                return states.none()
            states = states.filter(condition)
        return states

    def single(self, model):
        states = self.lines(model).filter(act=None)
        if self.person:
            states = states.filter(history_user=self.person)
        if self.since:
            states = states.filter(history_date__gte=self.since)
        if self.until:
            states = states.filter(history_date__lt=self.until)
        return states

    def acts(self):
        acts = Act.objects.select_related("by", "undone__by")
        if self.person:
            acts = acts.filter(by=self.person)
        if self.since:
            acts = acts.filter(at__gte=self.since)
        if self.until:
            acts = acts.filter(at__lt=self.until)
        if self.everything and not self.about:
            return acts
        wanted = [self.lines(model) for model in self.kinds.values()]
        some = [Exists(states.filter(act=OuterRef("pk"))) for states in wanted if not states.query.is_empty()]
        return acts.filter(any_of([Q(exists) for exists in some])) if some else acts.none()


@dataclass(frozen=True)
class Place:
    """Where a page ends: a moment, the source (0 for acts, else the kind's number) and the key there."""

    at: datetime
    source: int
    key: int

    @classmethod
    def read(cls, text):
        """Raises ValueError."""
        at, source, key = text.split("~")
        place = cls(datetime.fromisoformat(at), int(source), int(key))
        if place.at.tzinfo is None or max(place.source, place.key) >= 2**63:
            raise ValueError(text)
        return place

    def __str__(self):
        return f"{self.at.isoformat()}~{self.source}~{self.key}"

    def after(self, rows, source, at, key):
        """Those of ``rows`` that come after it: earlier ones."""
        condition = Q(**{f"{at}__lt": self.at})
        if source > self.source:
            condition |= Q(**{at: self.at})
        elif source == self.source:
            condition |= Q(**{at: self.at, f"{key}__lt": self.key})
        return rows.filter(condition)


def page(wanted, number, place=None):
    """``(entries, place)``: the latest ``number`` acts and lines of a `Filter`, and where the next begin.

    An entry is an `Act` or a `Line`. Each table is asked once, whatever there is.
    """
    found = []
    sources = [(wanted.acts(), "at", "pk")]
    sources += [(wanted.single(model), "history_date", "history_id") for model in wanted.kinds.values()]
    for source, (rows, at, key) in enumerate(sources):
        if place:
            rows = place.after(rows, source, at, key)
        for row in rows.order_by(f"-{at}", f"-{key}")[: number + 1]:
            found.append((Place(getattr(row, at), source, getattr(row, key)), row))
    found.sort(key=lambda each: (-each[0].at.timestamp(), each[0].source, -each[0].key))
    more = found[number - 1][0] if len(found) > number else None
    shown = [row for _, row in found[:number]]
    lines = iter(lines_of([row for row in shown if not isinstance(row, Act)]))
    return [row if isinstance(row, Act) else next(lines) for row in shown], more


# --- Lines ----------------------------------------------------------------------------------------


@dataclass
class Line:
    """One row's change. ``changes``: ``[(column, old, new)]``, both as people read them."""

    kind: str
    label: str
    verb: str
    state: object
    changes: list
    address: str = ""


def lines_of_act(act, kinds, first):
    """``[(kind, number of lines, the first of them)]`` of an act."""
    found = []
    for model in kinds.values():
        states = model.history.filter(act=act).order_by("history_id")
        shown = list(states[: first + 1])
        if shown:
            number = len(shown) if len(shown) <= first else states.count()
            found.append((model._meta.verbose_name, number, lines_of(shown[:first])))
    return found


def lines_of(states):
    """The `Line` of each state, in a number of queries that follows the kinds, not the states."""
    before = states_before(states)
    read_lists([*states, *before.values()])
    names = names_of([*states, *before.values()])
    return [line(state, before.get((type(state), state.history_id)), names) for state in states]


def states_before(states):
    """``{(type, id of a state): the state before it}`` of those that changed a row."""
    by_type = defaultdict(list)
    for state in states:
        if state.history_type == "~":
            by_type[type(state)].append(state)
    found = {}
    for kind, changed in by_type.items():
        earlier = defaultdict(list)
        rows = kind.objects.filter(id__in={state.id for state in changed}).order_by("history_id")
        for row in rows:
            earlier[row.id].append(row)
        for state in changed:
            past = [row for row in earlier[state.id] if row.history_id < state.history_id]
            if past:
                found[kind, state.history_id] = past[-1]
    return found


def read_lists(states):
    """Give each state its ``members``: name of a many-to-many list → keys in it."""
    by_type = defaultdict(dict)
    for state in states:
        state.members = defaultdict(set)
        by_type[type(state)].setdefault(state.history_id, []).append(state)
    for kind, of_kind in by_type.items():
        model = next(iter(of_kind.values()))[0].instance_type
        for each in lists(model):
            rows = getattr(kind, each.name).model.objects.filter(history__in=of_kind)
            for history, key in rows.values_list("history", f"{each.m2m_reverse_field_name()}_id"):
                for state in of_kind[history]:
                    state.members[each.name].add(key)


def relations(model):
    return [column for column in model.history.model.tracked_fields if column.is_relation]


def names_of(states):
    """``{(model, key): name}`` of everything that the states refer to; what is gone has its last name."""
    wanted = defaultdict(set)
    for state in states:
        for column in relations(state.instance_type):
            wanted[column.related_model].add(getattr(state, column.attname))
        for each in lists(state.instance_type):
            wanted[each.related_model] |= state.members[each.name]
    found = {}
    for model, keys in wanted.items():
        keys.discard(None)
        found |= {(model, key): str(row) for key, row in model._base_manager.in_bulk(keys).items()}
        gone = {key for key in keys if (model, key) not in found}
        if gone and hasattr(model, "history"):
            for state in model.history.filter(id__in=gone).order_by("history_id"):
                found[model, state.id] = own_name(state) or f"{model._meta.verbose_name} {state.id}"
    return found


def own_name(state):
    return next(
        (value for name in NAMES if isinstance(value := getattr(state, name, None), str) and value), ""
    )


def line(state, before, names):
    model = state.instance_type
    people = get_user_model()
    of = [
        names.get((column.related_model, getattr(state, column.attname)), "")
        for column in relations(model)
        if column.related_model is not people
    ]
    label = own_name(state) or ", ".join(filter(None, of)) or str(state.id)
    changes = changed(model, before, state, names) if before is not None else []
    return Line(model._meta.verbose_name, label, VERBS[state.history_type], state, changes)


def changed(model, old, new, names):
    found = []
    for column in model.history.model.tracked_fields:
        was, now = getattr(old, column.attname), getattr(new, column.attname)
        if was == now or column.attname in clocks(model):
            continue
        if column.is_relation:
            was, now = (names.get((column.related_model, key), key) for key in (was, now))
        found.append((column.verbose_name, shown(was), shown(now)))
    for each in lists(model):
        was, now = old.members[each.name], new.members[each.name]
        if was != now:
            found.append((each.verbose_name, *(listed(each, keys, names) for keys in (was, now))))
    return found


def listed(each, keys, names):
    return shown(", ".join(sorted(names.get((each.related_model, key), str(key)) for key in keys)))


def shown(value):
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
