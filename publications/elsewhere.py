"""Where other services know more of a target. Pure; nothing is asked."""

from urllib.parse import quote

from publications.positions import sexagesimal


def pages_of(target):
    """(name of the service, address) of its pages on a target, by position where one is known."""
    name = quote(target.name, safe="")
    if target.ra is None:
        place, pages = target.name, []
    else:
        ra, dec = target.ra, target.dec
        *hours, degrees, minutes, seconds = sexagesimal(ra, dec).split()
        place = f"{':'.join(hours)} {degrees}:{minutes}:{seconds}"
        centre = quote(f"{ra} {dec:+}")
        pages = [
            ("Aladin Lite", f"https://aladin.cds.unistra.fr/AladinLite/?target={centre}&fov=0.1"),
            (
                "JMDC",
                f"https://vizier.cds.unistra.fr/viz-bin/VizieR-4?-source=II/345/jmdc&-c={centre}&-c.rs=10",
            ),
        ]
    oidb = quote(f"{place},J2000,10,arcsec")
    return [
        ("SIMBAD", f"https://simbad.cds.unistra.fr/simbad/sim-id?Ident={name}"),
        *pages,
        ("OiDB", f"https://oidb.jmmc.fr/search.html?conesearch={oidb}"),
    ]
