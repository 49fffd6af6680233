"""A library's two sides at one moment, and the plan that follows from them.

Strings of ADS and bibcodes of ours are compared as *tokens*: our bibcode where one of our identifiers says
that they are the same paper, else ADS's present bibcode.
"""

from harvest.ads.client import chunks
from harvest.known import keys_of
from harvest.models import SyncPlan
from harvest.sync_diff import Sent, Truth
from publications.models import Identifier


class Picture:
    """A library's two sides, complete, in tokens.

    ``strings``: token → the strings that ADS stores for it. ``planned``: what ADS had at the first look.
    """

    def __init__(self, client, side, library, identifiers):
        self.wanted_strings = side.wanted(identifiers)
        self.info, stored = client.libraries.read(library.ads_id)
        # What we remember of the library at ADS; of one that was never verified, nothing.
        base = set(library.entries.values_list("bibcode", flat=True)) if library.synced_at else set()
        self.tokens = self.names(self.wanted_strings)
        unlike = (stored ^ set(self.wanted_strings)) | (base - stored)
        records = client.known_as(unlike)
        self.present_at_ads = {name: record.bibcode for name, record in records.items()}
        for wanted in self.wanted_strings:
            if wanted in self.present_at_ads:
                self.tokens.setdefault(*keys_of([self.present_at_ads[wanted]]), wanted)
        self.recognise(set(records.values()))
        self.wanted = set(self.wanted_strings)
        self.base = {self.token(string) for string in base}
        self.see(stored)
        self.planned = self.present

    @staticmethod
    def names(wanted):
        """Key of each identifier → our bibcode."""
        tokens = {key: bibcode for bibcode, names in wanted.items() for key in keys_of(names)}
        return tokens | {keys_of([bibcode])[0]: bibcode for bibcode in wanted}

    def recognise(self, records):
        """A record that ADS has under any name of a paper of ours is that paper, wanted or not."""
        names = [keys for record in records if not self.tokens.keys() & (keys := keys_of(record.identifiers))]
        here = {}
        for some in chunks([key for keys in names for key in keys], 500):
            here |= dict(Identifier.objects.filter(key__in=some).values_list("key", "paper__bibcode"))
        for keys in names:
            if ours := next((here[key] for key in keys if key in here), None):
                self.tokens |= dict.fromkeys(keys, ours)

    def token(self, string):
        for name in (string, self.present_at_ads.get(string, string)):
            if (key := keys_of([name])[0]) in self.tokens:
                return self.tokens[key]
        return self.present_at_ads.get(string, string)

    def look_again(self, client):
        self.info, stored = client.libraries.read(self.info.ads_id)
        self.see(stored)

    def see(self, stored):
        self.strings = {}
        for string in sorted(stored):
            self.strings.setdefault(self.token(string), []).append(string)
        # ADS may call two of ours one: it holds both of them then.
        self.present = self.strings.keys() | {
            token for token in self.wanted if self.present_at_ads.get(token) in stored
        }

    def canonical(self, token):
        """The string to send to ADS for a token, or None when ADS does not know it."""
        if token in self.strings and token in self.strings[token]:
            return token
        return self.present_at_ads.get(token)


def sent_before(library, picture):
    """What plans that nobody has verified may have written."""
    added, removed = set(), set()
    for plan in library.plans.filter(settled=False):
        added |= {picture.token(string) for string in plan.ads_add}
        removed |= {picture.token(string) for string in plan.ads_remove}
    return Sent(frozenset(added), frozenset(removed))


def plan_of(changes, picture, library, run, side):
    """The `SyncPlan` of a `Diff`: tokens become the strings that ADS stores or understands."""
    sendable = {token: picture.canonical(token) for token in changes.ads_add}
    plan = SyncPlan(
        library=library,
        run=run,
        ads_add=sorted({string for string in sendable.values() if string}),
        ads_remove=sorted(string for token in changes.ads_remove for string in picture.strings[token]),
        local_add=sorted(changes.local_add),
        local_remove=sorted(changes.local_remove),
        foreign_add=sorted(changes.foreign_add),
        foreign_remove=sorted(token for token in changes.foreign_remove if picture.canonical(token)),
        unknown=sorted(token for token, string in sendable.items() if not string),
        # A name that somebody gave it at ADS stays.
        rename=library.name if library.name_at_ads and library.name_at_ads == picture.info.name else "",
    )
    if side.truth is not Truth.THEIRS:
        replace_old_names(plan, picture, changes)
    return plan


def replace_old_names(plan, picture, changes):
    """A paper that stands under an old bibcode gets its present one, when that is ours too."""
    for token in picture.wanted & picture.present:
        strings = picture.strings.get(token, [token])
        if token not in strings and picture.present_at_ads.get(token) == token:
            plan.ads_add.append(token)
            plan.ads_remove += strings
        elif len(strings) > 1:
            plan.ads_remove += [string for string in strings if string != best(strings, token)]


def best(strings, token):
    return token if token in strings else strings[-1]
