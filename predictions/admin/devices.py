"""A browser and its machine, guessed from what the browser says of itself: for people to know their own by."""

import re

BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Headless)?(?:Chrome|CriOS)/"),
    ("Safari", r"\bVersion/[\d.]+ .*Safari/"),
)
MACHINES = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("macOS", r"\bMac OS X\b"),
    ("Linux", r"\bLinux\b"),
)


def device(user_agent: str) -> str:
    """Such as “Firefox on Windows”; what is not known is not named."""
    browser = next((name for name, sign in BROWSERS if re.search(sign, user_agent)), "")
    machine = next((name for name, sign in MACHINES if re.search(sign, user_agent)), "")
    if machine:
        return f"{browser or 'A browser'} on {machine}"
    return browser or "A program"
