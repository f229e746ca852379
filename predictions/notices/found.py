from typing import NamedTuple
from uuid import UUID


class Found(NamedTuple):
    """That the account `recipient` is to be told of the row `about`; `stamp` tells one time from another."""

    recipient: int
    kind: str
    about: UUID
    stamp: str = ""
