"""Ready-made ADS queries for visitors. Pure."""

from dataclasses import dataclass


@dataclass
class ReadyMade:
    title: str
    query: str
    # Whether it has words of its own to be replaced before it is sent.
    to_fill: bool = False


def ready_made(library_id):
    """The queries; ``library_id`` is that of ``olbin-refereed`` at ADS, None while it is not bound."""
    papers = f"docs(library/{library_id or 'ID-OF-olbin-refereed'})"
    return [
        ReadyMade(
            "Refereed papers outside the field that cite ours",
            f"property:refereed citations({papers}) -{papers}",
        ),
        ReadyMade(
            "Which of these papers are in the database", f'bibcode:("BIBCODE1" OR "BIBCODE2") {papers}', True
        ),
        ReadyMade("Which of these papers are not", f'bibcode:("BIBCODE1" OR "BIBCODE2") -{papers}', True),
        ReadyMade("My papers in the database", f'author:"LAST NAME, F" {papers}', True),
        ReadyMade(
            "My refereed papers that are not", f'property:refereed author:"LAST NAME, F" -{papers}', True
        ),
        ReadyMade("A word in the full text of the papers", f'full:"WORD" {papers}', True),
    ]
