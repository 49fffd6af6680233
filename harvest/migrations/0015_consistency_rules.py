"""The consistency rules as they are used today; curators edit them from here on."""

from django.db import migrations

NO_PLACE = "no category Facility\nno category Instrument"
INSTRUMENT_ALONE = "has category Instrument\nno category Facility"
# number, name, condition, proposes, tag
RULES = [
    ("1", "Missing JMMC tag", "has category HIDDEN\nno tag JMMC", "tag", "JMMC"),
    ("2", "OiDB tag without OiDB data", "has tag oidb\nnot in OiDB", "", ""),
    ("3a", "Missing OiDB tag", "in OiDB\nno tag oidb", "tag", "oidb"),
    ("3b", "OiDB paper missing here", "in OiDB\nnot here", "candidate", ""),
    ("4", "Single tag", "number of tags is 1", "", ""),
    ("5", "No tag", "number of tags is 0", "", ""),
    ("6", "Missing main category", "no category MainCategory", "", ""),
    (
        "7",
        "Missing facility or instrument, not Instrumentation",
        f"{NO_PLACE}\nno tag Instrumentation",
        "",
        "",
    ),
    ("8", "Missing facility or instrument", NO_PLACE, "", ""),
    ("9", "Instrument without facility", INSTRUMENT_ALONE, "parents", ""),
    (
        "10",
        "Instrument without facility, not Instrumentation",
        f"{INSTRUMENT_ALONE}\nno tag Instrumentation",
        "parents",
        "",
    ),
    (
        "11",
        "Stellar parameters missing",
        "has tag Stellar diameters\nno tag Stellar parameters",
        "tag",
        "Stellar parameters",
    ),
    ("12", "Missing parent", "a tag lacks all its parents", "parents", ""),
]


def seed(apps, schema_editor):
    rules = apps.get_model("harvest", "ConsistencyRule").objects
    for position, (number, name, condition, proposes, tag) in enumerate(RULES, start=1):
        values = {"name": name, "condition": condition, "proposes": proposes, "tag_name": tag}
        rules.get_or_create(number=number, defaults={"position": position, **values})


class Migration(migrations.Migration):
    dependencies = [("harvest", "0014_consistency")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
