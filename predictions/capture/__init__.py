"""From an address or a file to a snapshot of a source: fetched, read, kept, and its quotes looked for in it."""

from predictions.capture.running import run, take_up_stale
from predictions.capture.snapshots import LONGEST_TEXT, add_snapshot, last_seen, not_there, require_readable

__all__ = ["LONGEST_TEXT", "add_snapshot", "last_seen", "not_there", "require_readable", "run", "take_up_stale"]
