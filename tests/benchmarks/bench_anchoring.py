"""Times of anchoring in a text of a million characters, beside str.find, difflib and rapidfuzz.

The peer for a quote that is not there is rapidfuzz's `partial_ratio_alignment`, which looks at every place; it finds
the best alignment of letters, we the neighbourhood in which the quote's rare words stand. Texts made to be slow follow.

Run: .venv/bin/python -m tests.benchmarks.bench_anchoring
"""

import random
import statistics
import time
from collections.abc import Callable
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from predictions.language.anchoring import QuoteNotFound, anchor, find_all

LENGTH = 1_000_000
ROUNDS = 11
QUOTE = "it is likely that the council’s new programme will name the harbour’s defences"
STRAIGHT = QUOTE.replace("’", "'")
CLOSE = "it is likely that the new programme of the council will name harbor defences"
BOILERPLATE = (
    "This document may contain statements about the future of the company, its plans and what it expects of markets. "
)
FOREIGN = "forty zebras crossed a river before anybody had thought of counting them"


def article() -> str:
    """Paragraphs of invented words, as unevenly frequent as those of a language, the quote in the middle."""
    dice = random.Random(2022)
    vocabulary = ["".join(dice.choices("etaoinshrdlucmfw", k=dice.randint(2, 10))) for _ in range(20_000)]
    vocabulary += [*QUOTE.split(), "it’s", "“well", "known”", "Japan-U.S."]
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    dice.shuffle(vocabulary)
    words = dice.choices(vocabulary, weights, k=LENGTH // 5)
    paragraphs = [" ".join(words[at : at + 90]) + "." for at in range(0, len(words), 90)]
    paragraphs.insert(len(paragraphs) // 3, f"Observers agree: {QUOTE}, and soon.")
    return "\n\n".join(paragraphs)[:LENGTH]


def attempt(text: str, exact: str) -> object:
    try:
        return anchor(text, exact)
    except QuoteNotFound as refusal:
        return refusal


def measure(name: str, work: Callable[[], object], rounds: int = ROUNDS) -> None:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    print(f"{name:58} {statistics.median(times):9.2f} ms")


def main() -> None:
    text = article()
    unseen = "\ufeff" + text.replace("programme", "pro\xadgramme")
    plain = text.encode("ascii", "replace").decode()
    print(f"{len(text):,} characters, median of {ROUNDS}")
    measure("str.find, the very characters", lambda: text.find(QUOTE))
    measure("str.find, straight quotes: finds nothing", lambda: text.find(STRAIGHT))
    measure("anchor, the very characters", lambda: anchor(text, QUOTE))
    measure("anchor, straight quotes", lambda: anchor(text, STRAIGHT))
    measure("anchor, soft hyphens and a byte order mark in the text", lambda: anchor(unseen, STRAIGHT))
    measure("anchor, ASCII text", lambda: anchor(plain, QUOTE.replace("’", "?")))
    measure("find_all, one word", lambda: find_all(text, "likely"))
    measure("anchor refused, with the closest passage", lambda: attempt(text, CLOSE))
    measure("anchor refused, nothing near", lambda: attempt(text, FOREIGN))
    measure("anchor refused, ambiguous letter", lambda: attempt(text, "e"))
    measure("anchor, a text of one letter", lambda: attempt("a" * LENGTH, "a" * 1000))
    made_to_be_slow(text)
    measure("rapidfuzz, the same refused quote", lambda: fuzz.partial_ratio_alignment(CLOSE, text), rounds=3)
    measure("rapidfuzz, nothing near", lambda: fuzz.partial_ratio_alignment(FOREIGN, text), rounds=3)
    measure("difflib, longest common passage of the whole text", lambda: longest_match(text), rounds=1)
    print(attempt(text, CLOSE))
    found = fuzz.partial_ratio_alignment(CLOSE, text)
    print(f"rapidfuzz finds “{text[found.dest_start : found.dest_end]}”, {found.score:.0f} of 100")


def made_to_be_slow(text: str) -> None:
    """Texts and quotes on which a search may dwell."""
    line = text.replace("\n", " ")
    forms = (BOILERPLATE * (LENGTH // len(BOILERPLATE) + 1))[:LENGTH]
    near = BOILERPLATE.strip(". ").replace("company", "ministry")
    numbers = " ".join(str(number) for number in range(LENGTH // 7))
    letters = "ab " * (LENGTH // 3)
    words = text.split()
    common = " ".join(words[at] for at in range(0, 2000, 97))
    unspaced = "".join(words)
    japanese = ("我が国の安全保障環境は、戦後最も厳しく複雑なものとなっている。" * LENGTH)[:LENGTH]
    cases = {
        "one long line": (line, CLOSE),
        "the same boilerplate throughout, a word changed": (forms, near),
        "the same boilerplate throughout, which stands there": (forms, BOILERPLATE),
        "no word in common": (numbers, CLOSE),
        "two letters throughout": (letters, "ab ba " * 30),
        "twenty frequent words out of order": (text, common),
        "no blank in the text": (unspaced, CLOSE),
        "Japanese throughout, a sign changed": (japanese, "我が国の安全保障環境は、戦前最も厳しく複雑なものとなった。"),
        "a quote of ten thousand letters": (text, " ".join(words[5000:7000]).replace("e", "i")),
        "one letter throughout, another asked": ("a" * LENGTH, "b" * 200),
        "soft hyphens throughout": ("\xada" * (LENGTH // 2), "ab" * 40),
    }
    for name, (where, exact) in cases.items():
        measure(f"anchor refused: {name}", lambda: attempt(where, exact), rounds=5)  # noqa: B023


def longest_match(text: str) -> object:
    return SequenceMatcher(None, text, CLOSE, autojunk=False).find_longest_match()


if __name__ == "__main__":
    main()
