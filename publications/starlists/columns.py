"""Which columns of a table are the names, positions and motions of stars. Pure.

Known by name are those of TOPCAT, Aspro2, SearchCal, SIMBAD, VizieR and Gaia; a VOTable's by their UCDs too.
"""

import re
from typing import NamedTuple

from publications.starlists import ListRefused

COLUMNS = {
    "name": ["name", "target", "target_name", "star", "object", "main_id", "typed_id", "user_specified_id",
             "simbad", "simbad_id", "designation", "source", "id", "hd", "hip", "2mass", "gaia"],
    "ra": ["ra", "raj2000", "_raj2000", "ra_icrs", "_ra_icrs", "_ra.icrs", "ra_deg", "radeg", "ra_d",
           "alpha"],
    "dec": ["dec", "de", "dej2000", "_dej2000", "decj2000", "de_icrs", "_de_icrs", "dec_icrs", "_de.icrs",
            "dec_deg", "decdeg", "dedeg", "dec_d", "delta"],
    "pmra": ["pmra", "pm_ra", "pmra_cosdec", "pm_ra_cosdec"],
    "pmdec": ["pmdec", "pm_dec", "pmde", "pm_de"],
    "ref_epoch": ["ref_epoch", "epoch"],
}  # fmt: skip
UCDS = {
    "name": ["meta.id;meta.main", "id_main"],
    "ra": ["pos.eq.ra;meta.main", "pos_eq_ra_main"],
    "dec": ["pos.eq.dec;meta.main", "pos_eq_dec_main"],
}
# A column of a catalogue's bare numbers says in its heading which catalogue; Aspro2's Gaia is DR2.
CATALOGUES = {"hd": "HD ", "hip": "HIP ", "2mass": "2MASS J", "gaia": "Gaia DR2 "}
# A column of whole numbers with gaps is written with a point by programs that have no empty whole number.
BARE_NUMBER = re.compile(r"([0-9]+(?:[+-][0-9]+)?)(?:\.0*)?", re.ASCII)
# TOPCAT's columns of two joined tables.
JOINED = re.compile(r"_1$")
# First word of a unit → how many of ours (degrees; mas for motions) it is.
ANGLES = {"deg": 1.0, "degree": 1.0, "degrees": 1.0, "rad": 57.29577951308232, "hms": 1.0, "dms": 1.0}
MOTIONS = {"mas": 1.0, "arcsec": 1e3, "uas": 1e-3, "deg": 3.6e6, "rad": 206_264_806.24709636}


class Place(NamedTuple):
    """Where a value stands in a row, what stands before a bare number, and the factor of its unit."""

    at: int
    prefix: str = ""
    factor: float = 1.0


def known_columns(heading, ucds=(), units=()):
    """``{what: [Place]}``, or {} when a heading names neither stars nor positions.

    A star may have several names; of everything else the first place counts.
    """
    names = [JOINED.sub("", name.strip().strip("#").strip().casefold()) for name in heading]
    found = {}
    for what, spellings in COLUMNS.items():
        places = [at for at, ucd in enumerate(ucds) if ucd.casefold() in UCDS.get(what, ())]
        places += [names.index(spelling) for spelling in spellings if spelling in names]
        if places:
            found[what] = [
                Place(
                    at, CATALOGUES.get(names[at], ""), factor(what, heading[at], units[at] if units else "")
                )
                for at in dict.fromkeys(places)
            ]
    return found if "name" in found or {"ra", "dec"} <= set(found) else {}


def factor(what, name, unit):
    """A sexagesimal text ("h:m:s") says itself what it is."""
    known = {"ra": ANGLES, "dec": ANGLES, "pmra": MOTIONS, "pmdec": MOTIONS}.get(what)
    word = re.match(r"[A-Za-z]*", unit)[0]
    if known is None or not word or ":" in unit:
        return 1.0
    if word not in known:
        wanted = "deg" if known is ANGLES else "mas/yr"
        raise ListRefused(f"the column {name} is in “{unit[:30]}”; give {wanted}")
    return known[word]
