"""A stand-in for ADS: a real HTTP server that behaves as ADS does, traps included, with faults on demand.

Bibliographic facts are those of the demonstration data; abstracts, full texts, citations and what fills
the gaps of bare papers are synthetic and say so.
"""

from tests.ads_sandbox.corpus import Corpus, Record
from tests.ads_sandbox.faults import Fault
from tests.ads_sandbox.server import AdsSandbox

__all__ = ["AdsSandbox", "Corpus", "Fault", "Record"]
