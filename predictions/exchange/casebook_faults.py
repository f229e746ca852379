"""What is wrong with a casebook file: every fault with its line, told together."""

from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_FAULTS = 100  # a reader mends no more at one go, and a hostile file buys no more of our time


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: `line` counts from 1, and so do list positions in `where` (`predictions[1].closes`)."""

    line: int
    where: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.where}: {self.message}"


class CasebookFaults(ValueError):  # noqa: N818 -- it is the list of them, not one error
    """Raised for a file that is no casebook; `faults` holds what to mend in the order of the lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(slots=True)
class FaultList:
    """Collects faults while a file is read on; gives up after `MAX_FAULTS`."""

    faults: list[Fault] = field(default_factory=list)

    def note(self, line: int, where: str, message: str) -> None:
        """Add a fault; raises CasebookFaults once there are too many to be worth reading on."""
        self.faults.append(Fault(line, where, message))
        if len(self.faults) >= MAX_FAULTS:
            self.faults.append(Fault(line, "file", f"has more than {MAX_FAULTS - 1} faults: mend these first"))
            self.raise_if_any()

    def __len__(self) -> int:
        return len(self.faults)

    def raise_if_any(self) -> None:
        """Raise CasebookFaults with everything noted so far, if anything was."""
        if self.faults:
            raise CasebookFaults(self.faults)


def shown(text: str, width: int = 40) -> str:
    """Return `text` fit for a message: quoted, escaped, cut to `width` characters."""
    return repr(text if len(text) <= width else text[: width - 1] + "…")
