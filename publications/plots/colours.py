"""Colours of figures, for light and for dark paper. No two of the ten look alike to a colour-blind reader."""

INK, MUTED, LINE, PAPER, ON_DEEP = "#1b2330", "#56606f", "#dfe3e8", "#ffffff", "#fefefe"
TEN = [
    *("#3965d1", "#b78f00", "#105347", "#931100", "#239ed8"),
    *("#734a86", "#589650", "#1c149f", "#430400", "#2e093f"),
]
TEN_DARK = [
    *("#636fc8", "#f6d032", "#3dffa1", "#e8882b", "#25d5ff"),
    *("#ff81d9", "#99ef6f", "#8962fd", "#e6525f", "#e9fff5"),
]
# The colour of what counts each paper once, a line.
BLACK = -1
# Neighbours among the groups without a colour of their own take turns.
GREYS, GREYS_DARK = ["#a9b0ba", "#8b949f"], ["#56606c", "#6a7380"]
# From few to many.
STEPS = ["#e3edf9", "#cbdff5", "#aecdef", "#8cb7e6", "#699fda", "#4a86ca", "#316cb3", "#1f5396", "#123b74"]
STEPS_DARK = [
    "#1a2636",
    "#20344e",
    "#274468",
    "#2f5684",
    "#3b6ba1",
    "#4e83bd",
    "#699dd6",
    "#8bb8ea",
    "#b3d4f9",
]
# A light figure's colour: the same on dark paper.
DARK = {
    INK: "#e4e9f0", MUTED: "#9aa7b8", LINE: "#2a3341", PAPER: "#10141b", ON_DEEP: "#0b0f15",
    **dict(zip(TEN, TEN_DARK, strict=True)),
    **dict(zip(GREYS, GREYS_DARK, strict=True)),
    **dict(zip(STEPS, STEPS_DARK, strict=True)),
}  # fmt: skip


def fills(groups):
    """A colour for each group."""
    grey = 0
    found = []
    for group in groups:
        if group.colour is None:
            found.append(GREYS[grey % 2])
            grey += 1
        elif group.colour == BLACK:
            found.append(INK)
        else:
            found.append(TEN[group.colour])
    return found


def codes(groups):
    """A letter for each group that is grey, ``""`` for the others; after z come aa, ab …"""
    found, place = [], 0
    for group in groups:
        if group.colour is None:
            first, last = divmod(place, 26)
            found.append((chr(96 + first) if first else "") + chr(97 + last))
            place += 1
        else:
            found.append("")
    return found


def step(n, most):
    """The step of `STEPS` for ``n`` of at most ``most``; by square roots, that small numbers differ too."""
    return min(int((n / most) ** 0.5 * len(STEPS)), len(STEPS) - 1)


def dark_rules():
    """CSS that turns a light figure dark, by the colours that stand in its style attributes.

    The ground of a hatch has its colour in an attribute of its own.
    """
    rules = [
        f'[style*="{paint}: {light}"],[{paint}="{light}"]{{{paint}:{dark}!important}}'
        for light, dark in DARK.items()
        for paint in ("fill", "stroke")
    ]
    return ":root{color-scheme:light dark}@media (prefers-color-scheme:dark){" + "".join(rules) + "}"
