"""Titles and names of ADS as LaTeX that compiles. Pure.

Accented letters become LaTeX's accents (T1 font encoding); letters of scripts that LaTeX has no
command for stay as they are, for XeLaTeX and LuaLaTeX.
"""

import html
import re
import unicodedata
from functools import lru_cache

from pylatexenc.latexencode import (
    RULE_DICT,
    RULE_REGEX,
    UnicodeToLatexConversionRule,
    UnicodeToLatexEncoder,
)

from publications.marking import TAG

# BibTeX counts braces even behind a backslash, so a brace of the text must not stay one.
SPECIAL = {
    "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$",
    "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}", "^": r"{\textasciicircum}", "<": r"{\ensuremath{<}}",
    ">": r"{\ensuremath{>}}", "|": r"{\ensuremath{|}}", '"': "''", "☉": r"{\ensuremath{\odot}}",
    "⊕": r"{\ensuremath{\oplus}}", "µ": r"{\ensuremath{\mu}}", "−": r"{\ensuremath{-}}",
    "\u00a0": "~", "\u2009": r"\,", "\u00ad": "", "\u200b": "", "\ufeff": "",
}  # fmt: skip
ENCODER = UnicodeToLatexEncoder(
    conversion_rules=[
        UnicodeToLatexConversionRule(
            RULE_DICT, {ord(c): latex for c, latex in SPECIAL.items()}, replacement_latex_protection="none"
        ),
        # pylatexenc knows Cyrillic commands, which need another font encoding than accents do.
        UnicodeToLatexConversionRule(
            RULE_REGEX,
            [(re.compile("[\u0370-\u0373\u0376-\u037d\u0400-\u1dff\u2e80-\U0010ffff]"), r"\g<0>")],
            replacement_latex_protection="none",
        ),
        "defaults",
    ],
    non_ascii_only=False,
    replacement_latex_protection="braces-all",
    unknown_char_policy="keep",
    unknown_char_warning=False,
)

COMMANDS = (
    "alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|"
    "upsilon|phi|varphi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega|odot|oplus|"
    "sim|simeq|approx|times|pm|mp|cdot|circ|prime|leq|le|geq|ge|lesssim|gtrsim|ell|infty|rightarrow|to"
)
ATOM = rf"(?:[A-Za-z0-9+\-=.,:;()/*]|\\(?:{COMMANDS})(?![A-Za-z]))"
GROUP = rf"\{{(?:\\(?:rm|it|bf)(?![A-Za-z]))?(?:{ATOM}| )+\}}"
SCRIPT = rf"[_^](?:{ATOM}|{GROUP}|\\(?:mathrm|text|textrm){GROUP})"
# At most one script follows an atom, and none a space: two of a kind stop LaTeX.
MATH = re.compile(rf"\$(?!\$)(?:{SCRIPT})?(?:(?:{ATOM}|\\mathrm{GROUP})(?:{SCRIPT})?| +(?![_^ ]))*\$")
# The encoder looks at each character; most text has none that LaTeX would take for something else.
PLAIN = re.compile(r"[A-Za-z0-9 .,:;()/+=*!?@'-]*")
PLAIN_SCRIPT = re.compile(r"[A-Za-z0-9+\-=.,()/]+")


@lru_cache(maxsize=20_000)
def encode(text):
    """Plain text as LaTeX; control characters and line breaks are spaces. Names come again and again."""
    if PLAIN.fullmatch(text):
        return re.sub("  +", " ", text).strip()
    text = unicodedata.normalize("NFC", text)
    text = "".join(c if c.isprintable() or c in SPECIAL else " " for c in text)
    return ENCODER.unicode_to_latex(re.sub(r"  +", " ", text)).strip()


def encode_spaced(text):
    """`encode` that keeps a space at the ends, for a piece of a longer text."""
    return (" " if text[:1].isspace() else "") + encode(text) + (" " if text[1:][-1:].isspace() else "")


def with_math(text):
    """Text in which simple ``$…$`` is mathematics already; a dollar sign elsewhere is a dollar sign."""
    pieces, end = [], 0
    for match in MATH.finditer(text):
        pieces += [encode_spaced(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*pieces, encode_spaced(text[end:])])


def script(name, text):
    """A sub- or superscript: mathematics for letters, digits and signs, else text."""
    text = html.unescape(text).strip()
    if not text:
        return ""
    if PLAIN_SCRIPT.fullmatch(text):
        body = rf"\mathrm{{{text}}}" if re.search("[A-Za-z]", text) else text
        return f"${'_' if name == 'sub' else '^'}{{{body}}}$"
    return rf"\text{name}script{{{encode(text)}}}"


def title(text):
    """A title with ADS's HTML: sub- and superscripts as mathematics, other markup dropped."""
    pieces, end, opened = [], 0, None
    for match in TAG.finditer(text):
        piece, end = text[end : match.start()], match.end()
        name = match[2].lower()
        pieces.append(script(opened, piece) if opened else with_math(html.unescape(piece)))
        if name in ("sub", "sup"):
            opened = None if match[1] else name
    rest = text[end:]
    pieces.append(script(opened, rest) if opened else with_math(html.unescape(rest)))
    return re.sub(r"  +", " ", "".join(pieces)).strip()
