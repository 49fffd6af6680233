"""What the stand-in knows when it serves the demonstration data: the stars and papers of JMDC's list."""

import csv
from collections import defaultdict
from pathlib import Path

JMDC = Path(__file__).resolve().parents[2] / "harvest" / "data" / "jmdc_links.csv"
# SIMBAD's names of some of its stars, the first of which is the main one.
NAMES = {
    "HD 8890": ["* alf UMi", "NAME Polaris", "HIP 11767"],
    "HD 34085": ["* bet Ori", "NAME Rigel", "HIP 24436"],
    "HD 39801": ["* alf Ori", "NAME Betelgeuse", "HIP 27989"],
    "HD 45348": ["* alf Car", "NAME Canopus", "HIP 30438"],
    "HD 48915": ["* alf CMa", "NAME Sirius", "HIP 32349"],
    "HD 61421": ["* alf CMi", "NAME Procyon", "HIP 37279"],
    "HD 124897": ["* alf Boo", "NAME Arcturus", "HIP 69673"],
    "HD 172167": ["* alf Lyr", "NAME Vega", "HIP 91262"],
    "HD 187642": ["* alf Aql", "NAME Altair", "HIP 97649"],
    "HD 216956": ["* alf PsA", "NAME Fomalhaut", "HIP 113368"],
}


def fill(simbad):
    """Put objects and papers in; one star, Barnard's, has no paper."""
    numbers, papers = {}, defaultdict(dict)
    with JMDC.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name, place = row["name"], (float(row["ra"]), float(row["dec"]))
            oid = numbers.setdefault(name, len(numbers) + 1)
            main, *others = [*NAMES.get(name, ()), name]
            simbad.add_object(oid, main, *place, otype=row["otype"], names=others)
            papers[row["bibcode"]][oid] = None
    for bibcode, objects in papers.items():
        simbad.add_paper(bibcode, *objects)
    simbad.add_object(
        len(numbers) + 1, "NAME Barnard's star", 269.4521, 4.6934, otype="BY*", names=["HIP 87937"]
    )
