"""The statement that a sentence proposes: what it says will be, without how likely it says that is.

"The strategy is unlikely to name China" foretells, at a low probability, that it names China: the likelihood belongs
to the forecast, and a statement that kept it would be judged upside down. A person edits what is proposed here.
"""

import re

_UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_JOINED = re.compile(r"^(?:and|but|so|yet|also|then|however|moreover|meanwhile|still)\b,?\s+", re.IGNORECASE)
_AROUND = " \t\"'“”‘’"
_THAT = re.compile(r"\b(?:it|there)(?:\s+is|['’]s|\s+seems|\s+looks|\s+remains)\s+$", re.IGNORECASE)
_IS = re.compile(r"\b(?:is|are|['’]s|seems?|looks?|remains?)\s+$", re.IGNORECASE)
_MODAL = re.compile(r"\b(?:will|would|shall)\s+$", re.IGNORECASE)


def proposed_statement(sentence: str, likelihood: tuple[int, int] | None = None) -> str:
    """`sentence` as one line, without what joins it to the one before and, where that leaves a sentence, without its
    words of likelihood, which stand at sentence[start:end]."""
    if likelihood is not None:
        start, end = likelihood
        sentence = _without(sentence[:start], sentence[end:]) or sentence
    line = " ".join(_UNSEEN.sub("", sentence).split()).strip(_AROUND)
    line = _JOINED.sub("", line)
    return line[:1].upper() + line[1:]


def _without(before: str, after: str) -> str | None:
    """What is left when the words between go: None where that would be no sentence."""
    if (lead := _THAT.search(before)) and (that := re.match(r"\s+that\s+", after)):
        return before[: lead.start()] + after[that.end() :]
    if (verb := _IS.search(before)) and (to := re.match(r"\s+to\s+", after)):
        return f"{before[: verb.start()].rstrip()} will {after[to.end() :]}"
    if _MODAL.search(before):
        return before + after.lstrip()
    return None
