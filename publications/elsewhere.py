"""Where other services know more of a target or a place of the sky. Pure; nothing is asked."""

from urllib.parse import quote

from publications.positions import sexagesimal

SIMBAD = "https://simbad.cds.unistra.fr/simbad"
OIDB = "https://oidb.jmmc.fr/search.html?conesearch="
AT_A_TARGET = 10 / 3600  # degrees
NARROWEST_FIELD = 0.1


def pages_of(target):
    """(name of the service, address) of its pages on a target, by position where one is known."""
    simbad = ("SIMBAD", f"{SIMBAD}/sim-id?Ident={quote(target.name, safe='')}")
    if target.ra is None:
        return [simbad, ("OiDB", OIDB + quote(f"{target.name},J2000,10,arcsec"))]
    return [simbad, *pages_at(target.ra, target.dec, AT_A_TARGET)]


def pages_around(ra, dec, radius):
    """The same of a cone, in degrees."""
    place = quote(f"{ra} {dec:+}")
    simbad = f"{SIMBAD}/sim-coo?Coord={place}&CooFrame=ICRS&Radius={radius:g}&Radius.unit=deg"
    return [("SIMBAD", simbad), *pages_at(ra, dec, radius)]


def pages_at(ra, dec, radius):
    place, arcsec = quote(f"{ra} {dec:+}"), f"{radius * 3600:g}"
    field = max(2 * radius, NARROWEST_FIELD)
    *hours, degrees, minutes, seconds = sexagesimal(ra, dec).split()
    words = f"{':'.join(hours)} {degrees}:{minutes}:{seconds}"
    return [
        ("Aladin Lite", f"https://aladin.cds.unistra.fr/AladinLite/?target={place}&fov={field:g}"),
        (
            "JMDC",
            f"https://vizier.cds.unistra.fr/viz-bin/VizieR-4?-source=II/345/jmdc&-c={place}&-c.rs={arcsec}",
        ),
        ("OiDB", OIDB + quote(f"{words},J2000,{arcsec},arcsec")),
    ]
