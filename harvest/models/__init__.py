from harvest.models.ads_search import AdsSearch
from harvest.models.blocklist import BlocklistEntry, FilteredBibstem
from harvest.models.candidate import Candidate
from harvest.models.consistency import ConsistencyRule, Explanation, Waiver
from harvest.models.name_lookup import NameLookup
from harvest.models.pasted import PastedList
from harvest.models.review import PaperFlag, TagReview
from harvest.models.rule import SearchRule, SoftwareGroup
from harvest.models.run import EndpointQuota, HarvestRun
from harvest.models.sign_in import SignInAttempt
from harvest.models.suggestion import Suggestion
from harvest.models.sync import SyncPlan
from harvest.models.visit import DeskVisit

__all__ = [
    "AdsSearch",
    "BlocklistEntry",
    "Candidate",
    "ConsistencyRule",
    "DeskVisit",
    "EndpointQuota",
    "Explanation",
    "FilteredBibstem",
    "HarvestRun",
    "NameLookup",
    "PaperFlag",
    "PastedList",
    "SearchRule",
    "SignInAttempt",
    "SoftwareGroup",
    "Suggestion",
    "SyncPlan",
    "TagReview",
    "Waiver",
]
