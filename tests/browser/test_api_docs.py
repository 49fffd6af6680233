"""The packaged viewer of the API's document, under the site's strict policy."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def demonstration(transactional_db):
    """The viewer shows the document, whatever the database holds."""


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_the_viewer_lists_every_operation_and_complains_of_nothing(open_page, width, dark):
    page = open_page("/api/docs/", width=width, dark=dark)

    page.wait_for_selector(".opblock")
    assert page.locator(".opblock-get").count() == 11
    page.locator("#operations-papers-papers .opblock-summary-control").click()
    page.get_by_text("19 characters, as ADS gives it")
    assert page.locator(".opblock-body .parameters-container").count() == 1


def test_without_javascript_the_document_is_a_link(open_page):
    page = open_page("/api/docs/", javascript=False)

    assert page.get_by_role("link", name="OpenAPI document").get_attribute("href") == "/api/schema/"
