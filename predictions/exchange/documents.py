"""HTML, PDF and plain text of strangers, read in a process that ends when its time or memory is up.

The readers themselves are loaded there and not here.
"""

from predictions.confined import Broken, Refusal, Walls, confined
from predictions.exchange.document import LONGEST, Document, Unreadable

__all__ = ["LONGEST", "WALLS", "Document", "Unreadable", "read_document"]

_READER = "predictions.exchange.document_reading:read_here"
WALLS = Walls(seconds=30, cpu_seconds=20, memory=1024**3, network=False)


def read_document(body: bytes, *, content_type: str = "", address: str = "", walls: Walls = WALLS) -> Document:
    """The document in `body`. `content_type` is the header it was sent with, `address` where it was found.

    Raises Unreadable, with a sentence for the person who gave it.
    """
    try:
        return Document(**confined(_READER, walls, body=body, content_type=content_type, address=address))
    except Refusal as refusal:
        raise Unreadable(str(refusal)) from None
    except Broken as fault:
        raise Unreadable(_broken(fault, walls)) from fault


def _broken(fault: Broken, walls: Walls) -> str:
    match fault.why:
        case "time":
            return f"Reading it takes longer than the {walls.cpu_seconds} seconds that it may have, and was stopped."
        case "memory":
            return f"Reading it takes more memory than the {walls.memory // 1024**2:,} MB that it may have."
        case _:
            return "The file broke the program that reads it, which was stopped. Nothing else was touched."
