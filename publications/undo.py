"""Take an act back: every row that it changed is as it was before, or nothing changes.

An undo is an act too, so that it can be undone itself.
"""

from django.apps import apps
from django.db import IntegrityError

from publications.models import Act, Paper
from publications.models.history import act, present_act
from publications.models.identifier import hold_the_door

CHUNK = 500


class CannotUndo(Exception):
    """Something else happened since; the message says what."""


def undo(past, by):
    """Undo the `Act` ``past`` for the user ``by``. Returns the new `Act`.

    Raises
    ------
    CannotUndo
        When it was undone already, when a row of it was changed since, when something was hung on a row
        that it made, or when it deleted a paper (its authors and abstract are in no history).
    """
    try:
        with act(f"undone: {past.name}", by, undoes=past) as made:
            hold_the_door()  # an import gives no tag that is on its way out
            changes = changes_of(past)
            refuse_what_changed_since(changes)
            restore(changes)
    except IntegrityError as error:
        earlier = Act.objects.filter(undoes=past).select_related("by").first()
        if earlier:
            raise CannotUndo(f"“{past.name}” was undone by {earlier.by or 'a job'} already") from error
        raise CannotUndo(
            f"“{past.name}” cannot be undone: a name that it freed is taken, or a row that it needs is gone"
        ) from error
    return made


def tracked_models():
    """Models with a history, those that others refer to first."""
    waiting = [model for model in apps.get_models() if is_tracked(model)]
    ordered = []
    while waiting:
        ready = [model for model in waiting if not referred(model) & ({*waiting} - {model})]
        ordered += ready
        waiting = [model for model in waiting if model not in ready]
    return ordered


def is_tracked(model):
    return hasattr(model._meta, "simple_history_manager_attribute")


def referred(model):
    return {field.related_model for field in model._meta.get_fields() if field.many_to_one}


class Change:
    """What an act did to one row: its states ``before`` and ``after``, and the ``row`` now, or None."""

    def __init__(self, model, pk, before, after, row):
        self.model, self.pk, self.before, self.after, self.row = model, pk, before, after, row
        self.is_back = False

    def __str__(self):
        return f"{self.model._meta.verbose_name} “{self.row or self.pk}”"


def changes_of(past):
    """``{model: {pk: Change}}`` of an act, in the order of `tracked_models`."""
    found = {}
    for model in tracked_models():
        first = {}
        for pk, history_id in (
            model.history.filter(act=past).order_by("-history_id").values_list("id", "history_id")
        ):
            first[pk] = history_id
        if first:
            found[model] = changes_of_model(model, past, first)
    return found


def changes_of_model(model, past, first):
    """``first``: key of each row → its first state of the act."""
    before, after, rows = {}, {}, {}
    keys = list(first)
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        rows |= model._base_manager.select_for_update().in_bulk(part)
        for state in model.history.filter(id__in=part).order_by("history_id"):
            kept = None if state.history_type == "-" else state
            if state.history_id < first[state.id]:
                before[state.id] = kept
            elif state.act_id == past.pk:
                after[state.id] = kept
    made = set(
        model.history.filter(history_id__in=first.values(), history_type="+").values_list("id", flat=True)
    )
    if unknown := next((pk for pk in keys if pk not in before and pk not in made), None):
        raise CannotUndo(f"what {model._meta.verbose_name} {unknown} was before is in no history")
    return {pk: Change(model, pk, before.get(pk), after.get(pk), rows.get(pk)) for pk in keys}


def refuse_what_changed_since(changes):
    for of_model in changes.values():
        for change in of_model.values():
            if not is_as_left(change):
                raise CannotUndo(f"the {change} was changed since: undo that first")
            if change.model is Paper and change.before is not None and change.row is None:
                raise CannotUndo("a deleted paper does not come back this way: import it again")
            if change.before is None and change.row is not None:
                refuse_what_hangs_on(change, changes)


def is_as_left(change):
    if change.after is None or change.row is None:
        return change.after is None and change.row is None
    return values(change.model, change.row) == values(change.model, change.after)


def refuse_what_hangs_on(change, changes):
    """A row that the act made is about to go: nothing that somebody gave it since may go with it."""
    for relation in change.model._meta.related_objects:
        model = relation.related_model
        if not is_tracked(model) or not relation.field.many_to_one:
            continue
        hanging = model._base_manager.filter(**{relation.field.name: change.row})
        for row in hanging:
            # What the act itself hung on it is as the act left it, and goes back first.
            if row.pk not in changes.get(model, {}):
                raise CannotUndo(
                    f"the {change} has the {model._meta.verbose_name} “{row}” since: take that away first"
                )


def restore(changes):
    for model in reversed(list(changes)):
        for change in changes[model].values():
            if change.before is None and change.row is not None:
                take_off(change, changes)
                change.row.delete()
    for model in changes:
        for change in changes[model].values():
            if change.before is not None and not change.is_back:
                bring_back(change)


def take_off(change, changes):
    """Rows that the act hung on one that it made, an assignment on a new tag, hang where they did before."""
    for relation in change.model._meta.related_objects:
        if not relation.field.many_to_one:
            continue
        for other in changes.get(relation.related_model, {}).values():
            hangs = other.row is not None and getattr(other.row, relation.field.attname) == change.pk
            if hangs and other.before is not None and not other.is_back:
                bring_back(other)


def bring_back(change):
    change.is_back = True
    row = change.row or change.model(pk=change.pk)
    for name, value in columns(change.model, change.before).items():
        if change.row is None or name not in counted(change.model):
            setattr(row, name, value)
    row.save(force_insert=change.row is None)
    if change.row is None:
        # A row that comes back has the dates that it had, not those of its return.
        dates = {name: getattr(change.before, name) for name in clocks(change.model)}
        for rows in (
            change.model._base_manager.filter(pk=row.pk),
            change.model.history.filter(id=row.pk, act=present_act()),
        ):
            rows.update(**dates)
    for field in lists(change.model):
        getattr(row, field.name).set(members(field, change.before))


def clocks(model):
    """Names of the columns that the clock fills."""
    return {
        field.attname
        for field in model.history.model.tracked_fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    }


def counted(model):
    """Names of the columns that a job keeps up to date past the history."""
    return getattr(model, "COUNTED", set())


def columns(model, state):
    return {field.attname: getattr(state, field.attname) for field in model.history.model.tracked_fields}


def values(model, state):
    """What is compared: the columns that people and jobs fill, and the lists."""
    aside = clocks(model) | counted(model)
    kept = {name: value for name, value in columns(model, state).items() if name not in aside}
    return kept | {field.name: set(members(field, state)) for field in lists(model)}


def lists(model):
    return model.history.model._history_m2m_fields


def members(field, state):
    """Keys in a many-to-many list of a row, or of a state of it."""
    name = field.m2m_reverse_field_name()
    if isinstance(state, field.model):
        return field.remote_field.through.objects.filter(**{field.m2m_field_name(): state.pk}).values_list(
            f"{name}_id", flat=True
        )
    return getattr(state, field.name).values_list(f"{name}_id", flat=True)
