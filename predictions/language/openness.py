"""Words that speak of the future and put no probability on it: "may", "cannot be ruled out"."""

import re

NEVER_A_TERM = frozenset({"may", "might", "could"})
"""Modal verbs, which no scale can give a number."""

LEAVES_OPEN = (
    "carries no probability. Give a number or a term, or keep it as words without a probability: shown, not scored."
)
_CANNOT = "(?:cannot|can not|can't|can’t|could not|couldn't|couldn’t|not)"
RULED_OUT = (
    rf"(?:{_CANNOT} (?:(?:be )?(?:entirely |fully |completely )?(?:ruled out|excluded)|rule out|exclude|dismiss)"
    r"|not (?:impossible|inconceivable|unthinkable|out of the question))"
)
OPEN = (
    rf"(?:{RULED_OUT}|(?:may|might) or (?:may|might) not|(?:may|might|could)(?: (?:well|yet|still|possibly))?"
    r"|possibly|possible|perhaps|maybe|conceivably|conceivable)"
)
_OPEN = re.compile(rf"(?:(?:it|this|that|they|there) )?{OPEN}(?: (?:be|not|happen))*")


def is_open(text: str) -> bool:
    """Whether a text, in lower case with single blanks, is only such words."""
    return _OPEN.fullmatch(text) is not None
