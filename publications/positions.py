"""Positions as people write them → degrees. Pure."""

import re

from publications.sky import normal_ra

# ASCII digits only: float() would take "nan", "1_0" and the digits of every script.
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
# A blank or a unit stands between the numbers: no number is read as two.
ANGLE = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<whole>[0-9]{1,3}(?:\.[0-9]*)?)\s*(?P<unit>[:hd°]?)\s*"
    r"(?:(?<![0-9.])(?P<minutes>[0-9]{1,2}(?:\.[0-9]*)?)\s*[:m'′]?\s*)?"
    r"(?:(?<![0-9.])(?P<seconds>[0-9]{1,2}(?:\.[0-9]*)?)\s*(?:s|\"|″|'')?)?",
    re.ASCII,
)
# Where the declination begins when no comma says so: at its sign.
SIGN_INSIDE = re.compile(r"(?<=[0-9.hmsd°'\"′″])\s*(?=[+-])")
EXAMPLES = "give degrees (88.793 +7.407) or hours and degrees (05 55 10.3 +07 24 25)"


def parse_number(text):
    """A finite decimal number, as every standard of the Virtual Observatory writes it.

    Raises
    ------
    ValueError
        For anything else: "nan", "1,5", "1_0", sexagesimal, other digits, out of the range of numbers.
    """
    text = text.strip(" \t\r\n")
    if not NUMBER.fullmatch(text):
        raise ValueError(f"“{text[:40]}” is not a decimal number")
    number = float(text)
    if abs(number) == float("inf"):
        raise ValueError(f"“{text[:40]}” is too large")
    return number


def looks_like_position(text):
    """Whether to read ``text`` as a position rather than as a name: digits, signs and units only."""
    return bool(re.fullmatch(r"[\s0-9.,:+−hdms°'\"′″-]+", text)) and len(re.findall(r"[0-9.]+", text)) > 1


def parse_position(text):
    """``"05 55 10.3 +07 24 25"``, ``"5h55m10.3s, 7d24m25s"``, ``"88.793 +7.407"`` → (ra, dec) in degrees.

    Three or two numbers of a right ascension are hours, unless they carry ``d`` or ``°``; one is degrees.

    Raises
    ------
    ValueError
        With a message that says what is wrong, and what can be given.
    """
    ra_text, dec_text = halves(text.replace("−", "-").strip())
    ra, dec = parse_angle(ra_text, "right ascension", hours=True), parse_angle(dec_text, "declination")
    if not 0 <= ra <= 360:
        raise ValueError(f"the right ascension “{ra_text[:40]}” is not between 0 and 360 degrees (24 hours)")
    if not -90 <= dec <= 90:
        raise ValueError(f"the declination “{dec_text[:40]}” is not between -90 and +90 degrees")
    return normal_ra(ra), dec


def halves(text):
    """The text of the right ascension and of the declination."""
    parts = text.split(",") if "," in text else SIGN_INSIDE.split(text)
    if len(parts) == 1:
        words = text.split()
        middle = len(words) // 2
        parts = [" ".join(words[:middle]), " ".join(words[middle:])] if len(words) % 2 == 0 else parts
    if len(parts) != 2 or not all(part.strip() for part in parts):
        raise ValueError(f"“{text[:60]}” is not a position; {EXAMPLES}")
    return parts[0].strip(), parts[1].strip()


def parse_angle(text, what, hours=False):
    """Degrees of one angle."""
    if NUMBER.fullmatch(text):
        return parse_number(text)
    match = ANGLE.fullmatch(text)
    if not match:
        raise ValueError(f"“{text[:40]}” is not a {what}; {EXAMPLES}")
    parts = [match["whole"], match["minutes"], match["seconds"]]
    given = [part for part in parts if part]
    if any("." in part for part in given[:-1]) or any(float(part) >= 60 for part in given[1:]):
        raise ValueError(
            f"“{text[:40]}” is not a {what}: minutes and seconds are below 60, only the last has a point"
        )
    if match["unit"] == "h" and not hours:
        raise ValueError(f"“{text[:40]}” is not a {what}: it is given in degrees, not in hours")
    value = sum(float(part or 0) / 60**power for power, part in enumerate(parts))
    in_hours = match["unit"] == "h" or (hours and match["unit"] not in ("d", "°"))
    return (-value if match["sign"] == "-" else value) * (15 if in_hours else 1)


def sexagesimal(ra, dec):
    """``"05 55 10.31 +07 24 25.4"`` from degrees."""
    hundredths = round(ra / 15 * 360_000) % (24 * 360_000)
    tenths = round(abs(dec) * 36_000)
    hours, minutes, seconds = hundredths // 360_000, hundredths // 6000 % 60, hundredths % 6000 / 100
    sign = "-" if dec < 0 and tenths else "+"
    return (
        f"{hours:02} {minutes:02} {seconds:05.2f} "
        f"{sign}{tenths // 36_000:02} {tenths // 600 % 60:02} {tenths % 600 / 10:04.1f}"
    )
