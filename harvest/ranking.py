"""What evidence is worth: points, in hundredths, so that both databases add them exactly. Pure.

Nothing known is 0, the middle of the queue. What is missing (ADS has no list of references, a paper
too new to be cited, a rule on which nobody decided yet) is worth 0, never less.
"""

from collections.abc import Sized


def rule_points(accepted, decided):
    """−100 … 100 for a rule that matched: its precision in the past, drawn to ½ while decisions are few."""
    return round(100 * (2 * (accepted + 1) / (decided + 2) - 1))


def evidence_points(evidence, abstract):
    """``{part: points}`` of a candidate's evidence; a part of which nothing is known is left out."""
    parts = {
        "references": reference_points(evidence.get("references")),
        "citations": 20 * min(how_many(evidence.get("citations")), 5),
        "words": word_points(evidence.get("words"), abstract),
        "nearest": round(
            100 * max((paper.get("likeness", 0) for paper in evidence.get("nearest", [])), default=0)
        ),
    }
    return {part: points for part, points in parts.items() if points}


def how_many(papers):
    """Papers here: a list of bibcodes, or the bare number that older rows hold, or None."""
    return len(papers) if isinstance(papers, Sized) else papers or 0


def reference_points(papers):
    """A list of references without any paper of ours is a warning sign; no list at all says nothing."""
    if papers == []:
        return -100
    return 20 * min(how_many(papers), 10)


def word_points(words, abstract):
    """Rules look in full texts too: an abstract without any of the words counts a little against."""
    if words:
        return 50 * min(len(words), 2)
    return -50 if abstract and words == [] else 0
