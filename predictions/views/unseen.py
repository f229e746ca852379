"""Shows, on every page, the characters that nobody would see, and keeps words that run from right to left together.

It works on the page that was made, not in its templates: whoever adds a page cannot forget it. Values of form fields
stay as they are, for they are sent back.
"""

import re
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from predictions.language.unseen import RUN, SUSPECT, UNSEEN, name_of, sign_of

TOKEN = re.compile(
    r"(?P<kept><!--.*?-->|<bdi class=\"unseen\".*?</bdi>|<(?P<raw>script|style|textarea)\b.*?</(?P=raw)\s*>)"
    r"|(?P<plain><(?P<words>title|option|svg)\b.*?</(?P=words)\s*>)"
    r"""|(?P<tag></?[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>)""",
    re.DOTALL | re.IGNORECASE,
)
READ_ALOUD = re.compile(r"""(\s(?:title|alt|placeholder|label|aria-[a-z]+)=)("[^"]*"|'[^']*')""", re.IGNORECASE)


class UnseenMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and response.headers.get("Content-Type", "").startswith("text/html"):
            page = response.content.decode(response.charset)
            if SUSPECT.search(page):
                response.content = shown(page)
        return response


def shown(page: str) -> str:
    """A whole page of HTML with every unseen character marked."""
    return "".join(_parts(page))


def _parts(page: str) -> Iterator[str]:
    place = 0
    for token in TOKEN.finditer(page):
        yield in_text(page[place : token.start()])
        place = token.end()
        if token["kept"]:
            yield token["kept"]
        elif token["plain"]:
            yield in_words(token["plain"])
        else:
            yield READ_ALOUD.sub(lambda told: told[1] + in_words(told[2]), token["tag"])
    yield in_text(page[place:])


def in_text(text: str) -> str:
    """With each unseen character marked, and words that run from right to left kept from turning what follows them."""
    return RUN.sub(r"<bdi>\g<0></bdi>", marked(text)) if SUSPECT.search(text) else text


def marked(text: str) -> str:
    """Each in an element that shows its sign, beyond which it has no effect; it is still there to be copied."""
    return UNSEEN.sub(_mark, text)


def _mark(found: re.Match[str]) -> str:
    told = f'data-sign="{sign_of(found[0])}" title="{name_of(found[0])}"'
    return f'<bdi class="unseen" {told}>{found[0]}</bdi>'


def in_words(text: str) -> str:
    """Where no element can stand: its sign in brackets instead."""
    return UNSEEN.sub(lambda found: f"[{sign_of(found[0])}]", text)
