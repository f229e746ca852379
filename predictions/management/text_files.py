"""Reads what a command line names as a text file."""

from pathlib import Path

from django.core.management.base import CommandError

from predictions.capture import LONGEST_TEXT

LARGEST_FILE = 4 * LONGEST_TEXT
"""Bytes: UTF-8 takes at most four for a character."""


def read_text(file: Path) -> str:
    """The file's text, byte for byte: line ends stand, and a byte order mark counts as its first character.

    Raises CommandError if it cannot be read, is too large or no UTF-8.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except OSError as fault:
        raise CommandError(f"{file} cannot be read: {fault.strerror}.") from fault
    if len(content) > LARGEST_FILE:
        raise CommandError(f"{file} is too large: at most {LARGEST_FILE // 1_000_000} MB are read.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        byte, line = content[fault.start], content.count(b"\n", 0, fault.start) + 1
        raise CommandError(
            f"{file} is not UTF-8: byte 0x{byte:02X} at position {fault.start} (line {line}) fits nowhere. "
            "Save it as UTF-8 and try again."
        ) from fault
