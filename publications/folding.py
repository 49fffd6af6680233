"""Text as the search, the sort orders and the tests of identity see it. Pure.

Our own normalisation, in one place, so that SQLite, PostgreSQL and Python agree.
"""

import html
import re
import unicodedata

GREEK = {
    unicodedata.lookup(f"GREEK SMALL LETTER {name}"): spelled
    for name, spelled in [
        ("ALPHA", "alpha"), ("BETA", "beta"), ("GAMMA", "gamma"), ("DELTA", "delta"),
        ("EPSILON", "epsilon"), ("ZETA", "zeta"), ("ETA", "eta"), ("THETA", "theta"),
        ("IOTA", "iota"), ("KAPPA", "kappa"), ("LAMDA", "lambda"), ("MU", "mu"),
        ("NU", "nu"), ("XI", "xi"), ("OMICRON", "omicron"), ("PI", "pi"), ("RHO", "rho"),
        ("SIGMA", "sigma"), ("FINAL SIGMA", "sigma"), ("TAU", "tau"), ("UPSILON", "upsilon"),
        ("PHI", "phi"), ("CHI", "chi"), ("PSI", "psi"), ("OMEGA", "omega"),
    ]
}  # fmt: skip
GREEK["ϵ"] = "epsilon"
GREEK["ϕ"] = "phi"
GREEK["ϑ"] = "theta"
# Letters that Unicode does not take apart into a base letter and an accent.
LETTERS = {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h"}
FOLDED = str.maketrans(GREEK | LETTERS)

# A tag is dropped with nothing in its place (H<SUB>2</SUB>O is one word); "<" of "a < b" stays.
HTML_BREAK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6])\b[^<>]{0,500}>", re.IGNORECASE)
HTML_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
LATEX_COMMAND = re.compile(r"\\([A-Za-z]+)(\s?)")
LATEX_ACCENT = re.compile(r"\\[`'^\"~=.](?=[A-Za-z{\\])")
LATEX_MATHS = re.compile(r"(?<!\\)\$[^$]+\$")
# Dropped with nothing in their place, as <SUB> and <SUP> are: H$_2$O is one word.
LATEX_SCRIPTS = str.maketrans("", "", "_^")
LATEX_GROUPS = str.maketrans("", "", "{}$")
LONGEST_WORD = 60
NOT_A_WORD = re.compile(r"[^0-9a-z]+")
# Letters of LaTeX: the space behind the command is part of it (J\o rgensen).
LATEX_LETTERS = {"o": "o", "O": "O", "l": "l", "L": "L", "i": "i", "j": "j", "aa": "a", "AA": "A",
                 "ae": "ae", "AE": "AE", "oe": "oe", "OE": "OE", "ss": "ss", "varepsilon": "epsilon",
                 "vartheta": "theta", "varphi": "phi", "varrho": "rho", "varsigma": "sigma",
                 "varpi": "pi"}  # fmt: skip
# Commands of LaTeX that dress text; any other command is kept by its name (\alpha is alpha).
LATEX_DRESS = {
    "rm", "it", "bf", "sf", "tt", "em", "emph", "text", "textit", "textbf", "textrm", "textsc",
    "mathrm", "mathit", "mathbf", "mathcal", "ensuremath", "left", "right", "c", "v", "u", "H", "k", "r",
    "b", "d", "t",
}  # fmt: skip


def plain(text):
    """``text`` without HTML and LaTeX markup; accents, case and punctuation stay."""
    if "<" in text:
        text = HTML_TAG.sub("", HTML_BREAK.sub(" ", text))
    if "&" in text:
        text = html.unescape(text)
    if "\\" in text:
        text = LATEX_COMMAND.sub(without_command, LATEX_ACCENT.sub("", text))
    if "$" in text:
        text = LATEX_MATHS.sub(lambda maths: maths[0].translate(LATEX_SCRIPTS), text)
    return text.translate(LATEX_GROUPS)


def without_command(match):
    """What a LaTeX command leaves in the text: α is ``alpha`` with or without a space behind it."""
    name, space = match.groups()
    if name in LATEX_DRESS:
        return ""
    if name in LATEX_LETTERS:
        return LATEX_LETTERS[name] + (space if name.startswith("var") else "")
    return name + space


def fold(text):
    """Lower-case letters and digits, one space between words: ``"Mérand, A."`` → ``"merand a"``.

    Accents, case, HTML and LaTeX markup and ligatures are dropped; Greek letters stand by
    name. A letter of another script is no part of a word; a soft hyphen and other invisible
    characters do not part one.
    """
    text = plain(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).casefold().translate(FOLDED)
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not invisible(c))
    return NOT_A_WORD.sub(" ", text.lower()).strip()


def invisible(character):
    return unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me")


def words_of(text):
    """The words of ``text`` as the search's index holds them; an endless one is cut."""
    return [word[:LONGEST_WORD] for word in fold(text).split()]


def trigrams(part):
    """Each three successive characters of (a part of) a bibcode, in order, as words of the index.

    A part of a bibcode is then a phrase: ``A&A.`` is ``#a&a #&a.``.
    """
    part = part.lower()
    return ["#" + part[at : at + 3] for at in range(len(part) - 2)]


def author_key(name):
    """Folded surname and first initial, the address of a page of spellings.

    ``"Mérand, Antoine"`` → ``"merand-a"``; ``"GRAVITY Collaboration"`` → ``"gravity-collaboration"``.
    A name of which nothing can be folded (another script) is addressed by its code points.
    """
    surname, _, given = name.partition(",")
    parts = fold(surname).split()
    initial = fold(given)[:1]
    if not parts:
        return "u" + "-".join(f"{ord(c):x}" for c in name[:12])
    return "-".join([*parts, initial] if initial else parts)[:150]


SHORT_GREEK = {
    "alf": "alpha", "bet": "beta", "gam": "gamma", "del": "delta", "eps": "epsilon", "zet": "zeta",
    "tet": "theta", "iot": "iota", "kap": "kappa", "lam": "lambda", "ksi": "xi", "omi": "omicron",
    "sig": "sigma", "ups": "upsilon", "ome": "omega",
}  # fmt: skip


def target_words(name):
    """The folded words of a target's name: ``* alf Ori`` and ``α Ori`` → ``["alpha", "ori"]``.

    A plus before a digit is kept as a word.
    """
    name = re.sub(r"^\s*(?:NAME\s+|V\*\s*|\*+\s*)", "", name)
    words = fold(re.sub(r"\+(?=\d)", " plus ", name)).split()
    return [SHORT_GREEK.get(word, word) for word in words]


def target_key(name):
    """One spelling for all ways to write a target: ``HD 39801`` = ``HD39801``, ``* alf Ori`` = ``α Ori``.

    A plus before a digit is kept (``BD+10 123`` is not ``BD-10 123``); a minus is not, being a
    hyphen as often. Empty when nothing of the name can be folded.
    """
    return "".join(target_words(name))
