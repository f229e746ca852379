"""A function run in a process of its own that can be killed: what it takes of time and memory is bounded.

Parsers of strangers' files and waiting on strangers' servers happen here. The process is a fresh interpreter that is
told nothing of ours: no environment, no open file, no database. What goes in and comes back is JSON, never pickle, so
that a process turned against us can say something wrong and no more.
"""

import base64
import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass, is_dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Literal

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from predictions.confined import serve; serve()"
_BYTES = "base64:"
_LONGEST_ANSWER = 128 * 1024 * 1024
_DETAIL = 500
# A parser has no business with any of these; the C libraries below it are told to stay off the network themselves.
_NETWORK = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "urllib.", "ftplib.")


@dataclass(frozen=True, slots=True)
class Walls:
    """How far a confined function may go: by the clock, in processor time, in bytes of memory, and to the network."""

    seconds: float = 30
    cpu_seconds: int = 20
    memory: int = 1024**3
    network: bool = False


class Refusal(Exception):  # noqa: N818 - it says what happened, in the words of the reader
    """What a confined function raises to say no in words; the words come through, nothing else does."""


class Broken(Exception):  # noqa: N818 - it says what happened, in the words of the reader
    """The process gave no answer: it ran out of `time` or `memory`, or it fell over; `detail` is for the log."""

    def __init__(self, why: Literal["time", "memory", "crash"], detail: str = "") -> None:
        self.why = why
        self.detail = detail
        super().__init__(f"{why}: {detail}" if detail else why)


def confined(function: str, walls: Walls, /, **arguments: Any) -> Any:
    """What `function(**arguments)` returns, computed within `walls`, as JSON knows it (and bytes).

    `function` is named, `module:name`, so that what it needs is loaded there alone. Raises Refusal and Broken.
    """
    with TemporaryFile() as question, TemporaryFile() as answer:
        question.write(json.dumps(arguments, default=_packed).encode())
        question.seek(0)
        status = _run(function, walls, question, answer)
        answer.seek(0)
        return _read(answer.read(), status)


def _run(target: str, walls: Walls, question: IO[bytes], answer: IO[bytes]) -> int:
    command = [sys.executable, "-I", "-c", _START, json.dumps(_our_path()), target, json.dumps(asdict(walls))]
    try:
        # The command is our own interpreter with our own arguments.
        finished = subprocess.run(  # noqa: S603
            command,
            stdin=question,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            timeout=walls.seconds + 1,
            env={name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Broken("time") from None
    return finished.returncode


def _our_path() -> list[str]:
    """Where modules are found; the root of this code stands first, whatever the working directory is."""
    root = str(Path(__file__).resolve().parent.parent)
    return [root, *(place for place in sys.path if place and place != root)]


def _read(answer: bytes, status: int) -> Any:
    if status in {-signal.SIGXCPU, -signal.SIGALRM}:
        raise Broken("time")
    try:
        told = json.loads(answer, object_hook=_unpacked)
    except (ValueError, RecursionError):
        raise Broken("crash", f"exit status {status}") from None
    match told:
        case {"told": found}:
            return found
        case {"refused": str(words)}:
            raise Refusal(words)
        case {"broken": "memory" | "crash" as why, "detail": str(detail)}:
            raise Broken(why, detail)
    raise Broken("crash", "an answer that is none of ours")


def serve() -> None:
    """The other end: reads its question from standard input and answers on standard output, within its walls."""
    target, walls = sys.argv[2], Walls(**json.loads(sys.argv[3]))
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand in the answer
    _build(walls)
    answer.write(json.dumps(_answer(target, walls), default=_packed).encode())
    answer.close()
    os._exit(0)  # nothing here is worth the time of an orderly end


def _build(walls: Walls) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, walls.memory),
        (resource.RLIMIT_FSIZE, _LONGEST_ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    # The first limit ends the process and says why; the second only ends it.
    resource.setrlimit(resource.RLIMIT_CPU, (walls.cpu_seconds, walls.cpu_seconds + 1))
    # The system's own alarm ends a process that waits inside a library, and one whose parent was killed.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, walls.seconds)


def _answer(target: str, walls: Walls) -> dict[str, Any]:
    try:
        module, _, name = target.partition(":")
        function = getattr(import_module(module), name)
        arguments = json.load(sys.stdin.buffer, object_hook=_unpacked)
        if not walls.network:
            sys.addaudithook(_refuse_network)
        return {"told": function(**arguments)}
    except Refusal as refusal:
        return {"refused": str(refusal)}
    except MemoryError:
        return {"broken": "memory", "detail": ""}
    except Exception as fault:  # whatever a parser throws is told, and ends with this process
        return {"broken": "crash", "detail": f"{type(fault).__name__}: {fault}"[:_DETAIL]}


def _refuse_network(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith(_NETWORK):
        raise PermissionError(f"A reader of documents asked for {event}.")


def _packed(value: Any) -> Any:
    if isinstance(value, bytes):
        return {_BYTES: base64.b64encode(value).decode()}
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} does not pass to a confined function")


def _unpacked(value: dict[str, Any]) -> Any:
    return base64.b64decode(value[_BYTES]) if set(value) == {_BYTES} else value
