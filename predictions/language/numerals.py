"""Whole numbers as they are written out: "seven", "twenty-five", "a hundred", "ten thousand"."""

ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
GREAT = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}

_WORDS = {word: value for value, word in enumerate(ONES)}
_WORDS |= {word: 10 * value for value, word in enumerate(TENS, start=2)}
_WORDS |= {
    f"{ten}{join}{one}": 10 * tens + ones
    for tens, ten in enumerate(TENS, start=2)
    for ones, one in enumerate(ONES[1:10], start=1)
    for join in "- "
}

_LISTED = "|".join(sorted(_WORDS, key=len, reverse=True))
NUMERAL = rf"(?:(?:(?:{_LISTED}|a) )?(?:{'|'.join(GREAT)})|{_LISTED})"
"""Pattern of one such number, in lower case with single blanks."""


def value_of(numeral: str) -> int:
    """The number that a text matching NUMERAL, or a run of digits, stands for.

    >>> value_of("seventy-five"), value_of("a hundred"), value_of("ten thousand"), value_of("12")
    (75, 100, 10000, 12)
    """
    if numeral.isdigit():
        return int(numeral)
    times, _, great = numeral.rpartition(" ") if numeral not in _WORDS else (numeral, "", "")
    return _WORDS.get(times, 1) * GREAT.get(great, 1)
