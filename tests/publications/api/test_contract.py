"""The API keeps what its OpenAPI document says, whatever it is asked."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings

from publications.models import Library, TargetLink
from tests.factories import HiddenTagFactory, PaperFactory, TagFactory, TargetFactory

# Each example is a request: a quarter of what the profile gives a property.
EXAMPLES = settings.default.max_examples // 4
pytestmark = pytest.mark.django_db
OPERATIONS = [
    "papers", "paper", "tags", "tag", "categories", "journals", "targets", "target", "libraries",
    "statistics",
]  # fmt: skip


@pytest.fixture
def _one_connection():
    """The requests share the test's transaction, so none may close the connection when it ends."""
    ends = [request_started, request_finished]
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def document(settings, _one_connection):
    settings.API_RATE = "1000000/min"
    hidden = HiddenTagFactory(name="Secretly")
    paper = PaperFactory(authors=["Mérand, A."], tags=[TagFactory(name="VLTI"), hidden], keywords=["stars"])
    PaperFactory()
    TargetLink.objects.create(paper=paper, target=TargetFactory(), kind="named")
    Library.objects.create(name="olbin-secretly", tag=hidden)
    return schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_check_of_schemathesis_finds_anything(document, operation):
    # A slug that is nobody's, a page past the end: well formed, and refused with 400.
    document.config.checks.positive_data_acceptance.expected_statuses = ["200", "400", "404"]

    found = document.find_operation_by_id(operation)

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def ask(case):
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    for mode in schemathesis.GenerationMode:
        given(case=found.as_strategy(generation_mode=mode))(ask)()
