"""A stand-in for SIMBAD's TAP service over HTTP: real SQL on the tables that we ask, real limits, faults."""

from tests.simbad_sandbox.server import SimbadSandbox

__all__ = ["SimbadSandbox"]
