"""The search language of ``q``, read into a small tree. Pure.

::

    query  = any { any }              a space: AND, binds loosest
    any    = all { "OR" all }
    all    = not { "AND" not }
    not    = { "NOT" | "-" } item
    item   = "(" query ")" | [ field ":" ] ( word | '"' phrase '"' )

Operators are upper case; in lower case they are words. A query may begin with ``NOT`` or ``-``:
it then selects all the other papers. What has a meaning for a database or for ADS (``*``, ``?``,
``~``, ``NEAR``, ``^`` outside ``author:``) has none here: it parts words, as any punctuation
does, or is a word. A word that ends in a colon is that word, unless it is the name of a field.
Typographic quotation marks are quotation marks. Control characters are refused.
"""

from dataclasses import dataclass

from publications.search.errors import QueryError
from publications.search.terms import Term
from publications.search.tokens import tokens_of

DEEPEST = 30


@dataclass(frozen=True)
class And:
    parts: tuple


@dataclass(frozen=True)
class Or:
    parts: tuple


@dataclass(frozen=True)
class Not:
    part: object


def parse(q):
    """The tree of a query: `Term`, `And`, `Or`, `Not`.

    Raises
    ------
    QueryError
        When ``q`` is not a query; never anything else, whatever the text.
    """
    return Parser(q).whole()


def wanted_terms(tree, negated=False):
    """The terms that a paper of the answer may match, in order; those under a NOT are left out."""
    if isinstance(tree, Term):
        return [] if negated else [tree]
    if isinstance(tree, Not):
        return wanted_terms(tree.part, not negated)
    return [term for part in tree.parts for term in wanted_terms(part, negated)]


def written(tree):
    """The tree as a query again, with a bracket around each part that has parts."""
    match tree:
        case And(parts):
            return " AND ".join(map(bracketed, parts))
        case Or(parts):
            return " OR ".join(map(bracketed, parts))
        case Not(part):
            return f"-{bracketed(part)}"
    field = f"{tree.field}:" if tree.field else ""
    return field + (f'"{tree.text}"' if tree.quoted else tree.text)


def bracketed(tree):
    return f"({written(tree)})" if isinstance(tree, And | Or) else written(tree)


class Parser:
    """Recursive descent: a method for each line of the grammar."""

    def __init__(self, q):
        self.q = q
        self.tokens = tokens_of(q)
        self.at = 0
        self.depth = 0

    @property
    def next(self):
        return self.tokens[self.at]

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def refuse(self, message, token):
        raise QueryError(message, token.start, self.q)

    def whole(self):
        if self.next.kind == "end":
            self.refuse("nothing to search for", self.next)
        tree = self.query()
        if self.next.kind != "end":
            self.refuse("this bracket was never opened", self.next)
        return tree

    def query(self):
        parts = [self.any()]
        while self.next.kind not in (")", "end"):
            parts.append(self.any())
        return joined(And, parts)

    def any(self):
        parts = [self.all()]
        while self.next.kind == "OR":
            self.take()
            parts.append(self.all())
        return joined(Or, parts)

    def all(self):
        parts = [self.negated()]
        while self.next.kind == "AND":
            self.take()
            parts.append(self.negated())
        return joined(And, parts)

    def negated(self):
        negations = 0
        while self.next.kind in ("NOT", "-"):
            self.take()
            negations += 1
        item = self.item()
        return Not(item) if negations % 2 else item

    def item(self):
        token = self.next
        if token.kind == "term":
            return self.take().term
        if token.kind == "(":
            return self.bracket()
        before = self.tokens[self.at - 1] if self.at else None
        if before and before.kind in ("AND", "OR", "NOT", "-"):
            self.refuse(f"nothing to search for behind “{before.kind}”", before)
        if before and before.kind == "(":
            self.refuse("nothing to search for in the bracket", before)
        if token.kind == ")":
            self.refuse("this bracket was never opened", token)
        return self.refuse(f"nothing to search for before “{token.kind}”", token)

    def bracket(self):
        opening = self.take()
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"brackets are nested more than {DEEPEST} deep", opening)
        inside = self.query()
        if self.next.kind != ")":
            self.refuse("the bracket is not closed", opening)
        self.take()
        self.depth -= 1
        return inside


def joined(kind, parts):
    return parts[0] if len(parts) == 1 else kind(tuple(parts))
