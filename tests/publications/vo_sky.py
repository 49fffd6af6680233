"""A small sky for the tests of the Virtual Observatory's services."""

from publications.models import TargetLink
from tests.factories import HiddenTagFactory, PaperFactory, TagFactory, TargetFactory


def link(paper, target, kind="measured", mentions=None):
    return TargetLink.objects.create(paper=paper, target=target, kind=kind, mentions=mentions)


def small_sky():
    """Two papers on Betelgeuse, one of them on Rigel too; a star at each pole and one at the seam."""
    vlti, mirc = TagFactory(name="VLTI"), TagFactory(name="MIRC-X")
    secret = HiddenTagFactory(name="internal remark")
    first = PaperFactory(
        bibcode="2009A&A...508..923H",
        title='Imaging the spotty surface of <I>Betelgeuse</I> & "others" 𝛼 < 5',
        authors=["Haubois, X.", "Perrin, G."],
        tags=[vlti, mirc, secret],
        doi="10.1051/0004-6361/200912927",
        citations=0,
    )
    second = PaperFactory(
        bibcode="2016A&A...588A.130M", title="The close environment", tags=[mirc], refereed=None
    )
    betelgeuse = TargetFactory(name="* alf Ori", ra=88.79293899, dec=7.407064, otype="s*r")
    rigel = TargetFactory(name="* bet Ori", ra=78.63446707, dec=-8.20163837)
    link(first, betelgeuse, mentions=7)
    link(second, betelgeuse, kind="listed")
    link(second, rigel, kind="curated")
    for number, (name, ra, dec) in enumerate(
        [("North", 10, 90), ("South", 20, -90), ("Seam", 359.9999, 0), ("Nowhere", None, None)]
    ):
        paper = PaperFactory(bibcode=f"200{number}A&A...400..10{number}B")
        link(paper, TargetFactory(name=name, ra=ra, dec=dec), kind="named")
    return {"first": first, "second": second, "betelgeuse": betelgeuse, "rigel": rigel}
