"""The part of ADS's query language that matters here, evaluated over a `Corpus`.

Precedence as in ADS's grammar: NOT > AND > OR > space, so ``a OR b c`` is ``(a OR b) AND c``.
"""

import fnmatch
import re
from datetime import UTC, datetime, timedelta

from tests.ads_sandbox.corpus import identifier_key, normalised

TOKEN = re.compile(
    r"\s*(?:(?P<everything>\*:\*)|(?P<function>(?:citations|references|docs)\()|(?P<field>[a-z_]+):|"
    r'(?P<phrase>"(?:[^"\\]|\\.)*"(?:~\d+)?)|(?P<range>\[[^\]]*\])|(?P<sign>[()=]|-(?=\s*[\w("=]))|'
    r'(?P<word>[^\s()"\[\]:]+))'
)
TEXT_FIELDS = {"full", "abs", "title", "abstract", "keyword"}
FIELDS = TEXT_FIELDS | {
    "author", "year", "bibcode", "identifier", "alternate_bibcode", "doi", "arxiv", "bibstem", "property",
    "collection", "database", "fulltext_mtime", "entdate", "entry_date", "pubdate", "doctype",
}  # fmt: skip
# What ADS looks for besides, unless "=" says not to: the reason why names need "=".
SYNONYMS = {"interferometer": ["interferometry"], "iota": ["ι"], "coast": ["shoreline"], "pti": ["protein"]}


class SyntaxError(ValueError):
    def __init__(self, query):
        super().__init__(
            "org.apache.solr.search.SyntaxError: INVALID_SYNTAX_CANNOT_PARSE: "
            f"Syntax Error, cannot parse {query}: "
        )


class UnreadableLibrary(LookupError):
    """``docs(library/…)`` of a library that does not exist: ADS answers 500."""


def evaluate(query, corpus, libraries):
    """The set of records that match; ``libraries`` maps an id to its bibcodes."""
    return Parser(query, corpus, libraries).parse()


class Parser:
    def __init__(self, query, corpus, libraries):
        self.query, self.corpus, self.libraries = query, corpus, libraries
        self.everything = set(corpus.records.values())
        self.tokens = self.split(query)
        self.at = 0

    def split(self, query):
        tokens, end = [], 0
        query = query.rstrip()
        while end < len(query):
            match = TOKEN.match(query, end)
            if not match:
                raise SyntaxError(self.query)
            tokens.append((match.lastgroup, match[match.lastgroup]))
            end = match.end()
        return tokens

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else (None, None)

    def take(self):
        token = self.peek()
        self.at += 1
        return token

    def operator(self, name):
        kind, text = self.peek()
        if kind == "word" and text.upper() == name:
            self.at += 1
            return True
        return False

    def parse(self):
        found = self.spaced("full", True)
        if self.peek()[0] is not None or not self.tokens:
            raise SyntaxError(self.query)
        return found

    def spaced(self, field, synonyms):
        found = self.either(field, synonyms)
        while self.peek()[0] is not None and self.peek() != ("sign", ")"):
            found = found & self.either(field, synonyms)
        return found

    def either(self, field, synonyms):
        found = self.both(field, synonyms)
        while self.operator("OR"):
            found = found | self.both(field, synonyms)
        return found

    def both(self, field, synonyms):
        found = self.minus(field, synonyms)
        while self.operator("AND"):
            found = found & self.minus(field, synonyms)
        return found

    def minus(self, field, synonyms):
        found = self.term(field, synonyms)
        while self.operator("NOT"):
            found = found - self.term(field, synonyms)
        return found

    def term(self, field, synonyms):
        kind, text = self.take()
        if (kind, text) == ("sign", "-"):
            return self.everything - self.term(field, synonyms)
        if (kind, text) == ("sign", "="):
            return self.term(field, False)
        if (kind, text) == ("sign", "("):
            return self.closed(self.spaced(field, synonyms))
        if kind == "everything":
            return self.everything
        if kind == "function":
            return self.function(text[:-1])
        if kind == "field":
            if text not in FIELDS:
                raise SyntaxError(self.query)
            return self.term(text, synonyms)
        if kind in ("word", "phrase", "range") and text.upper() not in ("AND", "OR", "NOT"):
            return self.matching(field, kind, text, synonyms)
        raise SyntaxError(self.query)

    def closed(self, found):
        if self.take() != ("sign", ")"):
            raise SyntaxError(self.query)
        return found

    def function(self, name):
        if name == "docs":
            library = self.take()[1] or ""
            if library.removeprefix("library/") not in self.libraries:
                raise UnreadableLibrary(library)
            stored = self.libraries[library.removeprefix("library/")]
            return self.closed({r for r in map(self.corpus.find, stored) if r})
        inner = self.closed(self.spaced("full", True))
        if name == "citations":
            return {citing for record in inner for citing in self.corpus.citing(record)}
        return {r for record in inner for r in map(self.corpus.find, record.references) if r}

    def matching(self, field, kind, text, synonyms):
        if kind == "range":
            low, high = re.fullmatch(r'\["?(.*?)"? TO "?(.*?)"?\]', text).groups()
            return {r for r in self.everything if within(r, field, low, high)}
        text = re.sub(r'^"|"(?:~\d+)?$', "", text)
        if field in TEXT_FIELDS:
            return self.with_words(field, text, synonyms)
        if field in ("identifier", "doi", "arxiv", "alternate_bibcode"):
            record = self.corpus.known_as.get(identifier_key(text))
            return {record} if record else set()
        return {record for record in self.everything if has_value(record, field, text)}

    def with_words(self, field, text, synonyms):
        asked = (field, text, synonyms)
        if asked not in self.corpus.with_words:
            self.corpus.with_words[asked] = self.look_for(field, text, synonyms)
        return self.corpus.with_words[asked] & self.everything

    def look_for(self, field, text, synonyms):
        """Records with ``text``: an upper-case word only as written, its synonyms in any case."""
        written, any_case = [], [text, *(SYNONYMS.get(text.casefold(), []) if synonyms else [])]
        if text.isupper():
            written.append(normalised(any_case.pop(0)))
        any_case = [normalised(word).casefold() for word in any_case]
        return {
            record
            for record in self.everything
            for as_written, lower in [record.texts[field]]
            if any(word in as_written for word in written) or any(word in lower for word in any_case)
        }


def within(record, field, low, high):
    if field == "fulltext_mtime":
        return bool(record.body)
    if field == "year":
        value, low, high = record.year, year(low, 0), year(high, 9999)
        return low <= value <= high
    value = record.pubdate if field == "pubdate" else record.entry_date
    return instant(low, "0") <= value <= instant(high, "9999")


def year(text, open_end):
    return open_end if text == "*" else datetime.now(UTC).year if text == "NOW" else int(text)


def instant(text, open_end):
    if text == "*":
        return open_end
    now = re.fullmatch(r"NOW(?:-(\d+)DAYS?)?", text)
    return (datetime.now(UTC) - timedelta(days=int(now[1] or 0))).isoformat() if now else text


def has_value(record, field, text):
    if field == "bibcode":
        return fnmatch.fnmatchcase(record.bibcode, text.replace("[", "[[]"))
    if field == "author":
        return any(name.casefold().startswith(text.casefold().lstrip("^")) for name in record.authors)
    if field == "year":
        low, _, high = text.partition("-")
        return int(low or 0) <= record.year <= (int(high or 9999) if "-" in text else int(low))
    if field == "bibstem":
        return record.bibstem.casefold() == text.casefold()
    if field == "property":
        return text.casefold() == ("refereed" if record.refereed else "not refereed")
    if field in ("collection", "database"):
        return text.casefold() in record.collections
    return field == "doctype" and record.doctype == text.casefold()
