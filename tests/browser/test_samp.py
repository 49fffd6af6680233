"""A real browser sends a table by SAMP's Web profile to a real hub, which is pyvo's."""

import threading
import time

import pytest
from pyvo.samp import SAMPHubServer, SAMPIntegratedClient
from pyvo.samp.hub import WebProfileDialog

from tests.publications.vo_sky import small_sky

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
PORT = 21012


class Consenting(WebProfileDialog):
    """The person who clicks "yes" in TOPCAT."""

    def __init__(self):
        super().__init__()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        while True:
            self.handle_queue()
            time.sleep(0.05)

    def show_dialog(self, *details):
        self.consent()


@pytest.fixture
def hub(tmp_path):
    hub = SAMPHubServer(web_profile=True, web_profile_dialog=Consenting(), web_port=PORT, mode="multiple",
                        lockfile=str(tmp_path / "samp"), addr="127.0.0.1")  # fmt: skip
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture
def program(hub):
    program = SAMPIntegratedClient(name="receiver", addr="127.0.0.1")
    program.connect(hub_params=hub.params)
    yield program
    program.disconnect()


@pytest.fixture
def received(program):
    """The tables that a program at the hub gets."""
    tables = []

    def on_table(private_key, sender, mtype, params, extra):
        tables.append(params)

    program.bind_receive_notification("table.load.votable", on_table)
    return tables


@pytest.fixture
def page(browser, live_server, transactional_db):
    small_sky()
    context = browser.new_context()
    page = context.new_page()
    page.goto(live_server.url + "/targets/alf-ori/")
    yield page
    context.close()


def wait_for(condition):
    for _ in range(100):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen within ten seconds")


def test_a_table_reaches_a_program_at_the_hub(received, page, live_server):
    page.get_by_role("button", name="Send to TOPCAT").click()
    page.get_by_text("Sent to 1 program.").wait_for()
    wait_for(lambda: received)
    assert received[0]["name"] == "* alf Ori"
    assert received[0]["url"].startswith(live_server.url + "/vo/conesearch?RA=88.79")


def test_the_page_is_one_client_of_the_hub_until_it_is_left(program, received, page, live_server):
    before = others_of(program)
    for times in (1, 2):
        page.get_by_role("button", name="Send to TOPCAT").click()
        wait_for(lambda times=times: len(received) == times)
    assert others_of(program) == sorted([*before, "OLBIN Publications"])

    page.goto(live_server.url + "/about/")
    wait_for(lambda: others_of(program) == before)


def others_of(program):
    return sorted(program.get_metadata(key)["samp.name"] for key in program.get_registered_clients())


def test_without_a_hub_the_download_is_offered(page):
    page.get_by_role("button", name="Send to TOPCAT").click()
    page.get_by_text("Start TOPCAT or Aladin, or download the file.").wait_for()
    assert page.get_by_role("link", name="VOTable").is_visible()
