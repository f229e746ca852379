"""Times of anchoring in a text of a million characters, beside str.find and difflib.

Run: .venv/bin/python -m tests.benchmarks.bench_anchoring
"""

import random
import statistics
import time
from collections.abc import Callable
from difflib import SequenceMatcher

from predictions.language.anchoring import QuoteNotFound, anchor, find_all

LENGTH = 1_000_000
ROUNDS = 11
QUOTE = "it is likely that the council’s new programme will name the harbour’s defences"
STRAIGHT = QUOTE.replace("’", "'")
CLOSE = "it is likely that the new programme of the council will name harbor defences"
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
    measure("difflib, longest common passage of the whole text", lambda: longest_match(text), rounds=1)
    print(attempt(text, CLOSE))


def longest_match(text: str) -> object:
    return SequenceMatcher(None, text, CLOSE, autojunk=False).find_longest_match()


if __name__ == "__main__":
    main()
