"""Cross-checks with JMDC, OiDB and telbib."""

from publications.models import Paper, SourceRecord, TagAssignment

Source = SourceRecord.Source
DIAMETERS = "stellar diameters"


def gap_lists():
    """``[(what, bibcodes)]`` of each cross-check, in bibcode order."""
    listed = {source: SourceRecord.objects.filter(source=source) for source in Source.values}
    measured = listed[Source.JMDC].filter(interferometric=True)
    tagged = TagAssignment.objects.filter(tag__name_folded=DIAMETERS, tag__category__public=True)
    here = {name: records.exclude(paper=None) for name, records in {**listed, "measured": measured}.items()}
    with_diameters = Paper.objects.filter(pk__in=tagged.values("paper"))
    return [
        (what, list(rows.order_by("bibcode").values_list("bibcode", flat=True)))
        for what, rows in [
            ("in JMDC and here", here[Source.JMDC]),
            ("in JMDC, not here", listed[Source.JMDC].filter(paper=None)),
            ("measured by interferometry in JMDC, and here", here["measured"]),
            ("measured by interferometry in JMDC, not here", measured.filter(paper=None)),
            (
                "measured by interferometry in JMDC, and tagged “Stellar diameters”",
                here["measured"].filter(paper__in=with_diameters),
            ),
            (
                "measured by interferometry in JMDC, not tagged “Stellar diameters”",
                here["measured"].exclude(paper__in=with_diameters),
            ),
            (
                "tagged “Stellar diameters”, not measured by interferometry in JMDC",
                with_diameters.exclude(pk__in=here["measured"].values("paper")),
            ),
            ("VLTI papers of ESO telbib, not here", listed[Source.TELBIB].filter(paper=None)),
            ("in OiDB, not here", listed[Source.OIDB].filter(paper=None)),
        ]
    ]
