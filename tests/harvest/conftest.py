import pytest

from harvest.ads.client import AdsClient


@pytest.fixture(autouse=True)
def _own_data_dir(settings, tmp_path):
    """Locks of a test never meet those of another one."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def ads(ads_sandbox, settings):
    """A client of the stand-in that does not wait between tries."""
    settings.ADS_API_URL = ads_sandbox.url
    settings.ADS_API_TOKEN = "token"
    return AdsClient.at(ads_sandbox.url, "token", sleep=lambda seconds: None, timeout=(2, 5))
