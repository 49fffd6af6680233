from harvest.models.blocklist import BlocklistEntry, FilteredBibstem
from harvest.models.candidate import Candidate

__all__ = ["BlocklistEntry", "Candidate", "FilteredBibstem"]
