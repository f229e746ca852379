"""Each test runs a function of this page in a process of its own."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from predictions.confined import Broken, Refusal, Walls, _read, confined

HERE = f"{__name__}:"


def echo(**told):
    print("this goes nowhere")
    return told


def refuse():
    raise Refusal("Not today.")


def fall():
    raise KeyError("words of ours")


def die():
    os.abort()


def wait():
    time.sleep(60)


def work():
    while True:
        pass


def hoard():
    return len(bytearray(4 * 1024**3))


def scribble(path):
    with Path(path).open("wb") as file:
        file.truncate(200_000_000)


def look_round():
    return {"environment": sorted(os.environ), "folder": os.getcwd(), "django": "django" in sys.modules}


def call_out(way):
    match way:
        case "a connection":
            socket.create_connection(("127.0.0.1", 9))
        case "a name":
            socket.getaddrinfo("localhost", 80)
        case "a program":
            subprocess.run(["/bin/true"], check=True)
        case "a shell":
            os.system("true")
        case "a fork":
            os.fork()


def at_once(**more):
    return Walls(**{"seconds": 5, "cpu_seconds": 3} | more)


def broken(name, walls=None, **arguments):
    with pytest.raises(Broken) as fault:
        confined(HERE + name, walls or at_once(), **arguments)
    return fault.value


def test_what_goes_in_comes_back_bytes_and_all():
    told = {"body": b"\0\xff", "text": "雨 \u200b", "parts": [1, 0.5, None, True, {"deep": b""}]}
    assert confined(HERE + "echo", at_once(), **told) == told


def test_a_refusal_comes_through_in_its_own_words():
    with pytest.raises(Refusal, match=r"\ANot today\.\Z"):
        confined(HERE + "refuse", at_once())


def test_a_fault_is_told_for_the_log_and_no_exception_of_a_stranger_comes_through():
    fault = broken("fall")
    assert (fault.why, fault.detail) == ("crash", "KeyError: 'words of ours'")


def test_a_process_that_dies_is_a_crash():
    assert broken("die").why == "crash"


def test_waiting_ends_when_the_time_is_up():
    started = time.monotonic()
    assert broken("wait", at_once(seconds=0.5)).why == "time"
    assert time.monotonic() - started < 4


def test_working_ends_when_the_processor_time_is_up():
    assert broken("work", Walls(seconds=30, cpu_seconds=1)).why == "time"


def test_memory_is_bounded():
    assert broken("hoard", at_once(memory=512 * 1024**2)).why == "memory"


def test_no_disk_is_filled(tmp_path):
    assert "File too large" in broken("scribble", path=str(tmp_path / "large")).detail
    assert (tmp_path / "large").stat().st_size == 0


def test_the_process_is_told_nothing_of_ours(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret")
    seen = confined(HERE + "look_round", at_once())
    assert not {"SECRET_KEY", "DATABASE_URL", "HOME"} & set(seen["environment"])
    assert (seen["folder"], seen["django"]) == ("/", False)


@pytest.mark.parametrize("way", ["a connection", "a name", "a program", "a shell", "a fork"])
def test_a_function_without_the_network_gets_none_and_starts_nothing(way):
    assert broken("call_out", way=way).detail.startswith("PermissionError: A reader of documents asked for")


def test_a_function_with_the_network_gets_it():
    assert broken("call_out", at_once(network=True), way="a connection").detail.startswith("ConnectionRefusedError")


@pytest.mark.parametrize("answer", [b"", b"5", b"null", b"{}", b"[" * 200_000, b'{"broken": "x"}', b'{"refused": 1}'])
def test_an_answer_that_is_none_of_ours_is_told_as_a_crash(answer):
    with pytest.raises(Broken, match="crash"):
        _read(answer, 0)
