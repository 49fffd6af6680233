"""The search rules as they are used today; curators edit them from here on."""

from django.db import migrations

BASE = (
    "year:[2000 TO NOW] -collection:(earthscience) "
    'full:("interferometer" OR "interferometry" OR "aperture masking") '
    'fulltext_mtime:["1000-11-23T14:02:07.762Z" TO *] property:refereed'
)
SUBTRACTION = (
    "-docs(library/<olbin-refereed>) -docs(library/<olbin-blocklist>) -docs(library/<jmmc-non-interfero>) "
    "-bibstem:<filtered-bibstems>"
)
# Records without full text: the base, which asks for one, cannot find them.
GLOBAL = {
    "Names in title, abstract, keywords": "property:refereed abs:<names>",
    "Names in the full text alone": "property:refereed =full:<names> -abs:(VLTI OR CHARA OR LBTI OR NPOI)",
}
FACILITIES = {
    "CHARA": ["CHARA"],
    "GI2T": ["GI2T"],
    "HYPERTELESCOPES": ["HYPERTELESCOPES", "Hypertelescope"],
    "IACT": ["Imaging Atmospheric Cherenkov Telescopes"],
    "Keck": ["Keck Interferometer"],
    "LBTI": ["LBTI"],
    "Mark III": ["Mark III"],
    "Narrabri Stellar Intensity Interferometer": [
        "Narrabri Stellar Intensity Interferometer",
        "Narrabri Intensity",
    ],
    "NPOI": ["NPOI"],
    "PTI": ["PTI"],
    "SUSI": ["SUSI"],
    "Tcherenkov telescopes": ["Tcherenkov telescopes"],
    "VLTI": ["VLTI"],
    "COAST": ["Cambridge Optical Aperture Synthesis Telescope"],
    "IOTA": ["Infrared Optical Telescope Array"],
    "ISI": ["Infrared Spatial Interferometer"],
    "SIM": ["Space Interferometry Mission"],
}
# Off: the short name means something else too, or is off today.
OFF = {"COAST": "earth science", "IOTA": "the Greek letter", "I2T": "", "IRMA": "", "ISI": "", "SIM": ""}
SECOND = {
    "Sparse Aperture Masking (SAM)": '=full:("aperture masking")',
    "Intensity interferometry": '=full:("stellar intensity interferometry")',
    "PIONIER": '=full:("PIONIER")',
    "MIRC-X": '=full:("MIRC-X")',
    "MYSTIC": '=full:("MYSTIC")',
    "GRAVITY": '=full:("GRAVITY") =full:("VLTI")',
    "MATISSE": '=full:("MATISSE") =full:("VLTI")',
    "AMBER": '=full:("AMBER") =full:("VLTI")',
    "VEGA": '=full:("VEGA") =full:("CHARA")',
    "PAVO": '=full:("PAVO") =full:("CHARA" OR "SUSI")',
    "SPICA": '=full:("SPICA") =full:("CHARA")',
}
JMMC_PAPERS = [
    "2006A&A...456..789B", "2008SPIE.7013E..1JT", "2008SPIE.7013E..44T", "2009A&A...502..705C",
    "2010SPIE.7734E..4EL", "2010SPIE.7734E..83M", "2010SPIE.7734E..84L", "2010SPIE.7734E.107M",
    "2010SPIE.7734E.138M", "2010SPIE.7734E.140L", "2010yCat.2300....0L", "2011A&A...533A..64R",
    "2011A&A...535A..53B", "2011ASPC..442..489D", "2011MNRAS.414..108B", "2011Msngr.145....7W",
    "2012A&ARv..20...53B", "2012ASPC..461..379L", "2012SPIE.8445E..3FM", "2012yCat..74140108B",
    "2016A&A...589A.112C", "2016SPIE.9907E..11B", "2016SPIE.9907E..28M", "2016SPIE.9907E..3VH",
    "2017yCat.2346....0B",
]  # fmt: skip


def full(names):
    return "=full:({})".format(" OR ".join(f'"{name}"' for name in names))


def seed(apps, schema_editor):
    rule = apps.get_model("harvest", "SearchRule").objects
    rule.create(kind="base", name="Base", query=BASE)
    rule.create(kind="subtraction", name="Never proposed", query=SUBTRACTION)
    for name, query in GLOBAL.items():
        rule.create(kind="global", name=name, query=query)
    for tag, names in FACILITIES.items():
        spelled_out = tag in OFF
        name = f"{tag}, spelled out" if spelled_out else tag
        rule.create(kind="facility", name=name, tag_name=tag, query=full(names))
    for tag, why in OFF.items():
        note = f"off: means something else too ({why})" if why else "off today"
        rule.create(kind="facility", name=tag, tag_name=tag, query=full([tag]), active=False, note=note)
    for tag, query in SECOND.items():
        rule.create(kind="second", name=f"{tag} (label)", tag_name=tag, query=query)
    group = apps.get_model("harvest", "SoftwareGroup").objects.create(
        name="JMMC", tag_name="JMMC", bibcodes=JMMC_PAPERS, words=["JMMC"],
        description="All software of JMMC, until its file of groups is imported",
    )  # fmt: skip
    rule.create(kind="group", name="Software: JMMC", tag_name="JMMC", query="<group>", group=group)
    rule.create(kind="miner", name="Cited by many papers here", threshold=20)
    rule.create(kind="miner", name="Friends of friends", threshold=3, years=2)
    bibstems = apps.get_model("harvest", "FilteredBibstem").objects
    for bibstem in ("ASPC", "PhDT", "MNRAS.tmp", "NatAs.tmp"):
        bibstems.get_or_create(bibstem=bibstem)


class Migration(migrations.Migration):
    dependencies = [("harvest", "0002_the_harvest")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
