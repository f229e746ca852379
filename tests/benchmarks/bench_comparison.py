"""Times of comparing two texts of 200,000 characters by 50 terms, beside plain re.finditer and str.count.

Run: .venv/bin/python -m tests.benchmarks.bench_comparison
"""

import re

from predictions.language.comparison import compare
from predictions.language.terms import Term
from tests.benchmarks.bench_anchoring import article, measure

LENGTH = 200_000
ROUNDS = 7
CROWDED = "economic security and the alliance, "
JAPANESE = "我が国の安全保障環境は、戦後最も厳しく複雑なものとなっている。"


def usual(text: str) -> list[Term]:
    """Fifty terms: words from frequent to rare, phrases, wildcards and some that stand nowhere."""
    words = text.split()
    known = dict.fromkeys(word.strip(".,“”").casefold() for word in words)
    single = [word for word in known if len(word) > 2][:2000:80]
    phrases = [" ".join(words[at : at + 2]).strip(".,") for at in range(0, 20_000, 2000)]
    return [
        Term(each)
        for each in (*single, *phrases, *(f"{word[:3]}*" for word in single[:10]), *(f"nowhere{k}" for k in range(5)))
    ]


def plain_finditer(texts: tuple[str, str], terms: list[Term]) -> int:
    """The floor of a pattern: each term word by word, case aside, with no way back and no place."""
    patterns = [re.compile(rf"\b{re.escape(term.text.rstrip('*'))}", re.IGNORECASE) for term in terms]
    return sum(1 for text in texts for pattern in patterns for _ in pattern.finditer(text))


def plain_count(texts: tuple[str, str], terms: list[Term]) -> int:
    """The lowest floor: the very characters."""
    return sum(text.count(term.text) for text in texts for term in terms)


def main() -> None:
    text = article()
    texts = text[:LENGTH], text[LENGTH : 2 * LENGTH]
    terms = usual(texts[0])
    one_line = texts[0].replace("\n", " "), texts[1].replace("\n", " ")
    crowded = (CROWDED * LENGTH)[:LENGTH], (CROWDED.upper() * LENGTH)[:LENGTH]
    marked = texts[0].replace("e", "e\u0301"), texts[1].replace("s", "ß")
    japanese = (JAPANESE * LENGTH)[:LENGTH], (JAPANESE[3:] * LENGTH)[:LENGTH]
    letters = [Term(letter) for letter in "etaoinshrdlucmfw"]
    print(f"{LENGTH:,} characters each, {len(terms)} terms, median of {ROUNDS}")
    measure("str.count, the very characters", lambda: plain_count(texts, terms), ROUNDS)
    measure("re.finditer, case aside", lambda: plain_finditer(texts, terms), ROUNDS)
    measure("compare", lambda: compare(*texts, terms), ROUNDS)
    measure("compare, each text one long line", lambda: compare(*one_line, terms), ROUNDS)
    measure("compare, letters that change their length", lambda: compare(*marked, terms), ROUNDS)
    measure("compare, 16 terms of one letter", lambda: compare(*texts, letters), ROUNDS)
    crowd = [Term("economic security"), Term("alliance"), Term("a*"), *(Term(f"nowhere{k}") for k in range(47))]
    measure("compare, one phrase over and over, 50 terms", lambda: compare(*crowded, crowd), ROUNDS)
    signs = [Term(JAPANESE[at : at + 2]) for at in range(28)] + [Term(f"防衛{k}") for k in range(22)]
    measure("compare, Japanese over and over, 50 terms", lambda: compare(*japanese, signs), ROUNDS)


if __name__ == "__main__":
    main()
