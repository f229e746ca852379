"""Signing in, in a real browser: password, authenticator app, recovery code, passkey; and ending sessions."""

import pytest

from tests import builders as a
from tests import identity_provider, second_factors

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def analyst(live_server):
    return a.person("ana", "analyst")


def types(page, **fields):
    for name, text in fields.items():
        page.fill(f"input[name={name}]", text)
    page.click("form:has(input:not([type=hidden])) button[type=submit]")


def signs_out(visitor):
    visitor.page.context.clear_cookies()
    visitor.goes_to("/login/")


def test_password_app_and_recovery_code(visitor, analyst):
    page, site = visitor.page, visitor.site
    visitor.signs_in("ana")
    visitor.goes_to("/my-sign-in/")
    page.click("text=Set up an authenticator app")
    secret = page.inner_text("#secret").replace(" ", "")
    assert page.locator(".fs-code svg path").is_visible()
    types(page, code=second_factors.code(secret))
    page.wait_for_url(f"{site}/my-sign-in/codes/")
    codes = page.locator(".fs-codes li").all_inner_texts()
    assert len(codes) == 10
    page.click("text=I have them")
    page.wait_for_url(f"{site}/")

    signs_out(visitor)
    types(page, username="ana", password=a.PASSWORD)
    page.wait_for_url(f"{site}/login/code/")
    types(page, code="000000")
    assert page.locator("text=This is not the code").is_visible()
    types(page, code=second_factors.code(secret, step=1))
    page.wait_for_url(f"{site}/")

    signs_out(visitor)
    types(page, username="ana", password=a.PASSWORD)
    page.wait_for_url(f"{site}/login/code/")
    types(page, code=codes[3])
    page.wait_for_url(f"{site}/")
    visitor.goes_to("/my-sign-in/")
    assert page.locator("text=9 unused").is_visible()


@pytest.fixture
def keys(visitor):
    """A machine with a passkey reader in it, that knows the finger of who sits before it."""
    devtools = visitor.page.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    own = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    own |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    reader = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": own})["authenticatorId"]
    return lambda: devtools.send("WebAuthn.getCredentials", {"authenticatorId": reader})["credentials"]


def test_a_passkey_is_added_and_opens_alone_and_as_second_factor(visitor, analyst, keys):
    page, site = visitor.page, visitor.site
    visitor.signs_in("ana")
    visitor.goes_to("/my-sign-in/passkeys/add/")
    page.fill("input[name=name]", "laptop")
    page.click("text=Add it")
    page.wait_for_url(f"{site}/my-sign-in/codes/")
    assert len(keys()) == 1
    visitor.goes_to("/my-sign-in/")
    assert page.locator("text=Signs in alone").is_visible()

    signs_out(visitor)
    page.click("text=Sign in with a passkey")
    page.wait_for_url(f"{site}/")

    signs_out(visitor)
    types(page, username="ana", password=a.PASSWORD)
    page.wait_for_url(f"{site}/login/code/")
    page.click("text=Use my passkey")
    page.wait_for_url(f"{site}/")

    visitor.goes_to("/my-sign-in/again/passkey/")
    page.click("text=Use my passkey")
    page.wait_for_url(f"{site}/my-sign-in/")
    page.click("text=Remove")
    page.click("text=Remove it")
    page.wait_for_url(f"{site}/my-sign-in/")
    assert page.locator("text=The passkey is removed").is_visible()


def test_who_has_no_passkey_is_told_so_in_words(visitor, analyst):
    devtools = visitor.page.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    none = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": none | {"isUserVerified": False}})
    visitor.goes_to("/login/")
    visitor.page.click("text=Sign in with a passkey")
    visitor.page.wait_for_selector("#passkey-trouble:has-text('No passkey was used')")


def test_who_must_have_a_factor_sets_one_up_before_anything_else(visitor, live_server, settings):
    settings.SECOND_FACTOR_ROLES = frozenset({"resolver"})
    a.person("rea", "resolver")
    page, site = visitor.page, visitor.site
    visitor.goes_to("/predictions/prediction/")
    types(page, username="rea", password=a.PASSWORD)
    page.wait_for_url(f"{site}/my-sign-in/?next=**")
    assert page.locator("text=Your role wants a second factor").is_visible()
    assert page.locator("text=Scorecards").count() == 0
    page.click("text=Set up an authenticator app")
    types(page, code=second_factors.code(page.inner_text("#secret").replace(" ", "")))
    page.wait_for_url(f"{site}/my-sign-in/codes/")
    visitor.goes_to("/predictions/prediction/")


def test_a_session_is_ended_from_another_machine(visitor, chromium, analyst):
    other = chromium.new_context().new_page()
    other.goto(f"{visitor.site}/login/")
    types(other, username="ana", password=a.PASSWORD)
    other.wait_for_url(f"{visitor.site}/")
    visitor.signs_in("ana")
    visitor.goes_to("/my-sign-in/sessions/")
    visitor.page.click("text=End it")
    visitor.page.wait_for_selector("text=The session is ended")
    other.goto(f"{visitor.site}/")
    assert "/login/" in other.url
    other.context.close()
    visitor.goes_to("/")


@pytest.mark.parametrize("mood", ["light", "dark"])
def test_no_page_of_the_sign_in_is_wider_than_a_telephone(visitor, analyst, mood):
    page = visitor.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme=mood)
    outside, inside = ["/login/", "/login/forgotten/"], ["", "again/", "app/", "passkeys/add/", "sessions/"]
    for address in outside:
        visitor.goes_to(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    visitor.signs_in("ana")
    for address in [f"/my-sign-in/{each}" for each in inside] + ["/password_change/"]:
        visitor.goes_to(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_a_browser_gets_to_the_provider_and_back(chromium, live_server, settings):
    """The policy of our pages lets no form end on another site; the way there is a page."""
    with identity_provider.running() as provider:
        for name, value in provider.settings().items():
            setattr(settings, name, value)
        page = chromium.new_context().new_page()
        page.goto(f"{live_server.url}/login/")
        page.click("text=Sign in by Waterworks")
        page.wait_for_selector("text=Your account has no role yet")
        assert page.url == f"{live_server.url}/login/"
        page.context.close()
