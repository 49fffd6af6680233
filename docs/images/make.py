"""The pictures of README.md and docs/curators.md, made anew: ``.venv/bin/python docs/images/make.py``.

It needs Chromium (``CHROMIUM`` names it). The site is a fresh one with the demonstration data; its ADS is the
stand-in, whose abstracts are synthetic.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))
from tests.ads_sandbox import AdsSandbox, Corpus  # noqa: E402
from tests.harvest.site import Site, served  # noqa: E402

SIZE = {"width": 1040, "height": 640}
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
BEFORE = ["migrate -v0", "load_demo", "harvest", "recheck_tags", "sync_libraries --dry-run"]
PUBLIC = {"list": "/papers/?tag=vlti"}
DESK = {
    "desk": "/admin/",
    "triage": "/admin/triage/",
    "candidate": "/admin/triage/next/?tag=Keck",
    "consistency": "/admin/consistency/",
    "libraries": "/admin/libraries/",
}


def main():
    with tempfile.TemporaryDirectory() as folder, AdsSandbox(Corpus.of_demonstration_data()) as ads:
        site = Site(f"sqlite:///{folder}/olbin.sqlite3", Path(folder), ads.url)
        for command in BEFORE:
            site.manage(*command.split())
        with served(site) as ask, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = chromium.new_page(viewport=SIZE, reduced_motion="reduce")
            [(instrument,)] = site.rows("SELECT id FROM publications_category WHERE name = 'Instrument'")
            grid = {"tag-grid": f"/admin/tags/grid/{instrument}/?q=vlti"}
            take_pictures(page, ask("/admin/").url.removesuffix("/admin/"), DESK | grid)
            chromium.close()


def take_pictures(page, base, desk):
    take(page, base, PUBLIC)
    page.goto(f"{base}/admin/")
    page.fill("#id_username", "ada")
    page.fill("#id_password", "a long password")
    page.press("#id_password", "Enter")
    page.wait_for_url(f"{base}/admin/")
    take(page, base, desk)


def take(page, base, pictures):
    for name, path in pictures.items():
        page.goto(base + path)
        page.screenshot(path=HERE / f"{name}.png")


if __name__ == "__main__":
    main()
