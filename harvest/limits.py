"""How often the public may press what costs something."""

from publications.limits import counted

HOUR = 3600


def over(what, most):
    """Count one more of ``what``; whether there were more than ``most`` in this hour."""
    return counted(f"limit-{what}", HOUR) > most
