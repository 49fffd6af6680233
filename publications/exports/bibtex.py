"""papers.bib: BibTeX as ADS writes it."""

import re
from urllib.parse import quote

from django.conf import settings

from publications.exports import latex
from publications.exports.credits import credits_of
from publications.exports.records import records

MONTHS = ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# The macros of AASTeX and A&A's class, by bibstem. Source: ADS help pages, "journal macros".
MACROS = {
    "AJ": "aj", "ARA&A": "araa", "ApJ": "apj", "ApJL": "apjl", "ApJS": "apjs", "ApOpt": "ao", "Ap&SS": "apss",
    "A&A": "aap", "A&ARv": "aapr", "A&AS": "aaps", "AZh": "azh", "BAAS": "baas", "JRASC": "jrasc",
    "MmRAS": "memras", "MNRAS": "mnras", "PhRvA": "pra", "PhRvB": "prb", "PhRvC": "prc", "PhRvD": "prd",
    "PhRvE": "pre", "PhRvL": "prl", "PASP": "pasp", "PASJ": "pasj", "PASA": "pasa", "QJRAS": "qjras",
    "S&T": "skytel", "SoPh": "solphys", "SvA": "sovast", "SSRv": "ssr", "ZA": "zap", "Natur": "nat",
    "IAUC": "iaucirc", "ApL": "aplett", "ASPRv": "apspr", "BAN": "bain", "FCPh": "fcp", "GeCoA": "gca",
    "GeoRL": "grl", "JChPh": "jcp", "JGR": "jgr", "JQSRT": "jqsrt", "MmSAI": "memsai", "NuPhA": "nphysa",
    "PhR": "physrep", "PhyS": "physscr", "P&SS": "planss", "AcA": "actaa", "ChA&A": "caa", "ChJAA": "cjaa",
    "Icar": "icarus", "JCAP": "jcap", "RMxAA": "rmxaa", "NewA": "na", "NewAR": "nar",
}  # fmt: skip
PROCEEDINGS = re.compile(r"^(?:SPIE|ASPC|AIPC|IAUS|IAUGA|EAS|ESASP)$|\.(?:conf|prop)$")
E_PRINTS = ("arXiv", "astro.ph")
# An article number stands in place of a page: a letter in front (but L of the Letters), or six digits.
ARTICLE_NUMBER = re.compile(r"(?:[A-KM-Z][A-Za-z]?\d+|arXiv:.+|\d{6,})")


def papers_bib(papers, categories, number):
    """Yield BibTeX for ``papers``, of which there are ``number``; their tags are not in it."""
    yield "".join(f"% {line}\n" for line in credits_of(number)) + "\n"
    for record in records(papers, categories):
        yield entry(record) + "\n"


def entry(record):
    """One entry. Values that LaTeX reads are LaTeX; identifiers and addresses stand as they are."""
    fields = [(name, value) for name, value in described(record) if value]
    lines = ",\n".join(f"{name:>13} = {value}" for name, value in fields)
    return f"@{kind(record)}{{{record.bibcode},\n{lines}\n}}\n"


def kind(record):
    if record.bibstem.startswith("PhDT"):
        return "PHDTHESIS"
    return "INPROCEEDINGS" if PROCEEDINGS.search(record.bibstem) else "ARTICLE"


def described(record):
    year, month = (record.pubdate or f"{record.year}-00").split("-")[:2]
    page = record.page.strip()
    yield "author", braced(authors(record))
    yield "title", braced(braced(latex.title(record.title)))
    yield "booktitle" if kind(record) == "INPROCEEDINGS" else "journal", braced(journal(record))
    yield "keywords", braced(", ".join(map(latex.encode, record.keywords)))
    yield "year", year
    yield "month", MONTHS[int(month)]
    yield "volume", braced(latex.encode(record.volume))
    yield "eid", braced(latex.encode(page)) if ARTICLE_NUMBER.fullmatch(page) else ""
    yield "pages", braced(latex.encode(page))
    yield "doi", braced(verbatim(record.doi))
    yield "archivePrefix", braced("arXiv" if record.arxiv else "")
    yield "eprint", braced(verbatim(record.arxiv))
    yield "adsurl", braced(f"{settings.ADS_UI_URL}/abs/{quote(record.bibcode, safe='&:+')}")


def braced(text):
    return f"{{{text}}}" if text else ""


def verbatim(identifier):
    """An identifier, unable to end its field."""
    return re.sub(r"[{}\\\s]", lambda match: quote(match[0]), identifier)


def authors(record):
    names = [name for described in record.authors if (name := author(*described))]
    if names and not record.authors_complete:
        names.append("others")
    return " and ".join(names)


def author(name, collaboration):
    """``Mérand, Antoine`` → ``{M{\\'e}rand}, Antoine``; a name without a comma is braced as a whole."""
    surname, comma, given = (part.strip() for part in name.partition(","))
    surname, given = braced(latex.encode(surname)), latex.encode(given)
    if collaboration or not comma or not given or not surname:
        return braced(latex.encode(name))
    # BibTeX reads a second comma as "Jr" and "and" as the next author.
    if "," in given or re.search(r"\band\b", given, re.IGNORECASE):
        given = braced(given)
    return f"{surname}, {given}"


def journal(record):
    if record.bibstem.startswith("PhDT"):
        return ""
    bibstem = record.bibstem
    if bibstem == "ApJ" and record.bibcode[13] == "L":
        bibstem = "ApJL"
    if bibstem in E_PRINTS:
        return "arXiv e-prints"
    macro = MACROS.get(bibstem)
    return f"\\{macro}" if macro else latex.encode(record.journal or bibstem)
