"""A real Chromium on a live server. Where a browser is demanded (REQUIRE_BROWSER), a missing one is a failure."""

import os
import shutil
from urllib.parse import urlsplit

import pytest
from django.db import connections
from playwright.sync_api import sync_playwright

from tests import builders as a

# Playwright's own loop runs in this thread; Django would take that for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PATIENCE = 15_000  # milliseconds


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None and os.environ.get("REQUIRE_BROWSER"):
        pytest.fail("no Chromium on this machine")
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
        connections.close_all()  # while its loop runs, Django gives this thread connections that nobody finds after it


class Visitor:
    """A person at a browser, who notes every complaint of the console and every request that leaves the site."""

    def __init__(self, page, site):
        self.page, self.site = page, site
        self.complaints, self.outside = [], []
        page.set_default_timeout(PATIENCE)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._watch(request.url))

    def _listen(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} at {self.page.url}")

    def _watch(self, url):
        if urlsplit(url).scheme in {"http", "https", "ws"} and not url.startswith(self.site):
            self.outside.append(url)

    def goes_to(self, path):
        answer = self.page.goto(f"{self.site}{path}")
        assert answer.ok, f"{answer.status} at {path}"
        return self.page

    def signs_in(self, username):
        self.goes_to("/login/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", a.PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(f"{self.site}/")

    def signs_out(self):
        self.page.context.clear_cookies()


@pytest.fixture
def visitor(chromium, live_server):
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    person = Visitor(context.new_page(), live_server.url)
    yield person
    context.close()
    assert person.complaints == []
    assert person.outside == []
