"""Objects of SIMBAD → targets with their aliases. One object is one target, whatever named it first."""

from itertools import islice

from publications.folding import target_key
from publications.models import RemovedLink, Target, TargetAlias, TargetLink
from publications.models.history import create_with_history, update_with_history

REASON = "SIMBAD"
LONGEST_NAME = 120
KEYS_AT_ONCE = 500
KNOWN_OF_SIMBAD = ["name", "simbad_oid", "otype", "ra", "dec", "pmra", "pmdec"]


def store_targets(mentions, names):
    """``{oid: target}`` of the objects, made or brought up to date. Inside a transaction.

    An object is found by any of its names, then by its number: SIMBAD's numbers may change.
    Targets that turn out to be one object are merged.
    """
    objects = {mention.oid: mention for mention in mentions}
    keys = {oid: keys_of([object.name, *names.get(oid, ())]) for oid, object in objects.items()}
    owners = aliases_of({key for own in keys.values() for key in own})
    numbered = by_number(objects)
    found, new, changed = {}, [], []
    for oid, object in objects.items():
        target = target_of(oid, keys[oid], owners, numbered, objects)
        if target.pk is None:
            new.append(target)
        elif differs(target, object):
            changed.append(target)
        for field, value in facts(object).items():
            setattr(target, field, value)
        found[oid] = target
    make(new)
    # A number that moved to another target must be free before it is taken.
    Target.objects.filter(simbad_oid__in=[target.simbad_oid for target in changed]).update(simbad_oid=None)
    update_with_history(Target, changed, KNOWN_OF_SIMBAD, reason=REASON)
    add_aliases(found, objects, names, owners)
    return found


def target_of(oid, keys, owners, numbered, objects):
    """The target of an object: a known one, or an unsaved one.

    A target that stands for another object of the same page is never taken, even when the
    folded names of the two are alike.
    """
    same = {owners[key].pk: owners[key] for key in keys if key in owners}
    same = [
        target for target in same.values() if target.simbad_oid == oid or target.simbad_oid not in objects
    ]
    if not same and oid in numbered:
        same = [numbered[oid]]
    return merged(same, owners) if same else Target()


def batches(items, size):
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch


def keys_of(names):
    return {key for name in names if len(name) <= LONGEST_NAME and (key := target_key(name))}


def aliases_of(keys):
    """``{key: target}``, one object for each target."""
    targets, owners = {}, {}
    keys = sorted(keys)
    for begin in range(0, len(keys), KEYS_AT_ONCE):
        known = TargetAlias.objects.filter(key__in=keys[begin : begin + KEYS_AT_ONCE]).select_related(
            "target"
        )
        for alias in known:
            owners[alias.key] = targets.setdefault(alias.target_id, alias.target)
    return owners


def by_number(oids):
    found = {}
    for part in batches(sorted(oids), KEYS_AT_ONCE):
        for target in Target.objects.filter(simbad_oid__in=part):
            found[target.simbad_oid] = target
    return found


def merged(targets, owners):
    """The oldest of ``targets``, with the links and aliases of the others, which go."""
    kept, *others = sorted(targets, key=lambda target: target.pk)
    for other in others:
        TargetLink.objects.hand_over(other.links.all(), target=kept)
        other.aliases.update(target=kept)
        RemovedLink.objects.filter(target=other).exclude(paper__in=kept.removed_links.values("paper")).update(
            target=kept
        )
        other.delete()
        for key, owner in owners.items():
            if owner is other:
                owners[key] = kept
    return kept


def differs(target, object):
    return any(getattr(target, field) != value for field, value in facts(object).items())


def facts(object):
    """What SIMBAD says; what it does not know is left as it is here."""
    said = {"name": object.name[:LONGEST_NAME], "simbad_oid": object.oid, "otype": object.otype[:40]}
    if object.ra is not None:
        said |= {"ra": object.ra % 360, "dec": object.dec}
    if object.pmra is not None and object.pmdec is not None:
        said |= {"pmra": object.pmra, "pmdec": object.pmdec}
    return said


def make(targets):
    """Insert new targets with free slugs."""
    stems = {Target.slug_stem(target.name) for target in targets}
    taken = {slug for part in batches(sorted(stems), KEYS_AT_ONCE)
             for slug in Target.objects.filter(slug__in=part).values_list("slug", flat=True)}  # fmt: skip
    for target in targets:
        stem = Target.slug_stem(target.name)
        target.slug = Target.free_slug(target.name, taken) if stem in taken else stem
        taken.add(target.slug)
    create_with_history(Target, targets, reason=REASON)


def add_aliases(found, objects, names, owners):
    """Every name that leads nowhere yet leads to its object's target."""
    new = {}
    for oid, target in found.items():
        for name in [objects[oid].name, *names.get(oid, ())]:
            key = target_key(name)
            if key and len(name) <= LONGEST_NAME and key not in owners:
                new.setdefault(key, TargetAlias(target=target, name=name, key=key))
    TargetAlias.objects.bulk_create(new.values(), batch_size=500)
