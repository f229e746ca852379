"""Times of finding claims in 100,000 characters, beside the splitter alone, and agreement with labelled sentences.

Run: .venv/bin/python -m tests.benchmarks.bench_claims
"""

import random
import statistics
import time
from collections.abc import Callable

from sentencex import get_sentence_boundaries

from predictions.language.claims import find_claims
from tests.predictions.language.labelled_claims import SETS, Tally, labelled, language_of, tallies

LENGTH = 100_000
ROUNDS = 11
DENSE = "It is likely that prices, which analysts expect to rise by 5%, will fall next year if oil could recover. "
HOSTILE = {
    "no full stop": "the market will likely rise ",
    "open quotation marks": "“",
    "line breaks": "\n",
    "6,667 list items": "- It will rain\n",
    "attributions": "he said that it would, " * 60 + "so. ",
    "brackets": "(",
    "would, past": "it was led that it would " * 60 + ". ",
}


def article(language: str) -> str:
    """The labelled sentences in paragraphs, in an order of chance, as often as it takes."""
    dice = random.Random(2022)
    sentences = [row.sentence for name in SETS if language_of(name) == language for row in labelled(name)]
    joiner = "" if language == "ja" else " "
    paragraphs = [joiner.join(dice.choices(sentences, k=5)) for _ in range(LENGTH // 100)]
    return "\n\n".join(paragraphs)[:LENGTH]


def measure(name: str, work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    median = statistics.median(times)
    print(f"{name:44} {median:8.1f} ms   fastest {min(times):8.1f} ms")
    return median


def main() -> None:
    text, japanese = article("en"), article("ja")
    print(f"{LENGTH:,} characters, median of {ROUNDS}")
    floor = measure("sentence splitter alone, English", lambda: get_sentence_boundaries("en", text))
    ours = measure("find_claims, English", lambda: find_claims(text))
    print(f"{'':44} {ours / floor:8.1f} times the splitter")
    measure("find_claims, Japanese", lambda: find_claims(japanese, "ja"))
    measure("find_claims, all of it foretells", lambda: find_claims(DENSE * (LENGTH // len(DENSE))))
    for name, part in HOSTILE.items():
        hostile = (part * (LENGTH // len(part) + 1))[:LENGTH]
        measure(f"find_claims, {name}", lambda hostile=hostile: find_claims(hostile))
    print("\nAgreement with labelled sentences; precision and recall of forecast and conditional together")
    for name in SETS:
        found = tallies(name)
        for register, each in found.items():
            print(f"{name:10} {register:36} {each}")
        print(f"{name:10} {'together':36} {sum(found.values(), Tally())}\n")


if __name__ == "__main__":
    main()
