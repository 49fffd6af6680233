import pytest

from harvest.groups import BrokenGroups, import_groups, read_groups
from harvest.models import SearchRule, SoftwareGroup

XML = """<jmmc><query>x</query>
<group tag="LITpro"><description>Model fitting</description>
<q>LITpro</q><bibcode>2008SPIE.7013E..1JT</bibcode></group>
<group tag="Aspro"><q>ASPRO 2</q></group></jmmc>"""


@pytest.mark.django_db
def test_groups_become_rows_with_a_rule_and_replace_the_one_for_all():
    for _ in range(2):
        import_groups(read_groups(XML))
    group = SoftwareGroup.objects.get(name="LITpro")
    assert (group.bibcodes, group.words, group.description) == (
        ["2008SPIE.7013E..1JT"], ["LITpro"], "Model fitting",
    )  # fmt: skip
    assert SoftwareGroup.objects.get(name="Aspro").words == ["Aspro", "ASPRO 2"]
    active = SearchRule.objects.active().of_kind("group").values_list("name", flat=True)
    assert sorted(active) == ["Software: Aspro", "Software: LITpro"]


def test_group_of_others_is_not_looked_for_by_that_word():
    (group,) = read_groups('<jmmc><group tag="Others"><q>OIFits Explorer</q></group></jmmc>')
    assert group["words"] == ["OIFits Explorer"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<jmmc>", "cannot be read"),
        ("<x/>", "<jmmc> is expected"),
        ("<jmmc/>", "no <group>"),
        ("<jmmc><group/></jmmc>", "group 1 has no attribute tag"),
        ('<jmmc><group tag="A"/></jmmc>', "neither <bibcode> nor <q>"),
        ('<jmmc><group tag="A"><bibcode>1</bibcode></group></jmmc>', "'1' is no bibcode"),
        ('<jmmc><group tag="A"><q>x</q></group><group tag="A"><q>y</q></group></jmmc>', "two groups"),
    ],
)
def test_broken_file_is_refused_with_the_fix(text, message):
    with pytest.raises(BrokenGroups, match=message):
        read_groups(text)
