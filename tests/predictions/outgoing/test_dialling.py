"""How a name becomes a connection. Nothing but loopback is ever dialled: `Untouched` fails a test that would."""

from typing import Any

import httpcore
import pytest

from predictions.outgoing.answers import Limits, Refused
from predictions.outgoing.dialling import Deadline, Dialler, resolve
from tests.predictions.outgoing.servers import page, serving
from tests.predictions.outgoing.test_addresses import INSIDE

PUBLIC, OTHER = "93.184.216.34", "2606:4700::1111"


class Untouched(httpcore.NetworkBackend):
    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
        raise AssertionError(f"{host}:{port} was dialled")


class Answering(httpcore.NetworkBackend):
    """A line at whose other end stands `peer`, whoever is dialled; the dead are not reached."""

    def __init__(self, peer: str = "", dead: frozenset[str] = frozenset()) -> None:
        self.peer, self.dead, self.dialled, self.closed = peer, dead, [], False

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
        self.dialled.append((host, port))
        if host in self.dead:
            raise httpcore.ConnectError
        return Stream(self, self.peer or host)


class Stream(httpcore.NetworkStream):
    def __init__(self, line: Answering, peer: str) -> None:
        self.line, self.peer = line, peer

    def get_extra_info(self, info: str) -> Any:
        return (self.peer, 80) if info == "server_addr" else None

    def close(self) -> None:
        self.line.closed = True


def dialler(line=None, resolve=lambda host, port: [], allow=frozenset(), seconds=5.0):
    return Dialler(Limits(seconds=seconds), Deadline(seconds), allow, resolve, line or Untouched())


@pytest.mark.parametrize("address", INSIDE.values(), ids=INSIDE.keys())
def test_a_name_that_leads_inside_is_refused_before_anything_is_dialled(address):
    with pytest.raises(Refused, match="Only public addresses are fetched"):
        dialler(resolve=lambda host, port: [address]).connect_tcp("news.example", 443)


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
def test_an_inner_address_is_refused_without_asking_for_a_name(address):
    def ask(host, port):
        raise AssertionError("an address is no name")

    with pytest.raises(Refused, match="Only public addresses are fetched"):
        dialler(resolve=ask).connect_tcp(address, 80)


@pytest.mark.parametrize(
    "answers", [[PUBLIC, "10.0.0.1"], ["10.0.0.1", PUBLIC], [OTHER, "::1"], [PUBLIC, OTHER, "::ffff:127.0.0.1"]]
)
def test_public_and_inner_answers_together_are_refused(answers):
    with pytest.raises(Refused, match="Only public addresses are fetched"):
        dialler(resolve=lambda host, port: answers).connect_tcp("news.example", 443)


@pytest.mark.parametrize("port", [1, 22, 25, 81, 3306, 5432, 6379, 8000, 8080, 8443, 65535])
def test_only_the_ports_of_the_web_are_dialled(port):
    with pytest.raises(Refused, match=f"Port {port} is not fetched from"):
        dialler(resolve=lambda host, port: [PUBLIC]).connect_tcp("news.example", port)


def test_what_was_vetted_is_dialled_and_the_name_is_asked_for_once():
    answers, line = [[PUBLIC], ["127.0.0.1"]], Answering()
    hold = dialler(line, lambda host, port: answers.pop(0))
    hold.connect_tcp("rebinding.example", 80)
    assert (line.dialled, hold.peer, answers) == ([(PUBLIC, 80)], PUBLIC, [["127.0.0.1"]])


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.0.0.1", "8.8.8.8"])
def test_a_connection_that_leads_elsewhere_than_dialled_is_closed(peer):
    line = Answering(peer)
    with pytest.raises(Refused, match="another machine than was dialled"):
        dialler(line, lambda host, port: [PUBLIC]).connect_tcp("news.example", 80)
    assert line.closed


def test_the_next_address_is_dialled_where_one_is_dead():
    line = Answering(dead=frozenset({OTHER}))
    hold = dialler(line, lambda host, port: [OTHER, PUBLIC])
    hold.connect_tcp("news.example", 80)
    assert (line.dialled, hold.peer) == ([(OTHER, 80), (PUBLIC, 80)], PUBLIC)


def test_a_machine_that_cannot_be_reached_is_said_to_be():
    with pytest.raises(Refused, match="cannot be reached"):
        dialler(Answering(dead=frozenset({PUBLIC})), lambda host, port: [PUBLIC]).connect_tcp("news.example", 80)


def test_a_name_that_nobody_bears_is_said_to_be():
    with pytest.raises(Refused, match="no machine of the name"):
        dialler().connect_tcp("news.example", 80)


def test_the_resolver_of_this_machine_answers_for_its_own_name_and_for_no_odd_one():
    assert set(resolve("localhost", 80)) <= {"127.0.0.1", "::1"}
    with pytest.raises(Refused, match="no machine of the name"):
        resolve("a" * 64 + ".example", 80)


def test_the_allow_list_opens_one_address_with_one_port():
    with serving(page()) as server:
        line = httpcore.SyncBackend()
        with pytest.raises(Refused, match="this machine"):
            dialler(line, allow=frozenset({("127.0.0.1", server.port + 1)})).connect_tcp("127.0.0.1", server.port)
        with pytest.raises(Refused, match="this machine"):
            dialler(line, allow=frozenset({("127.0.0.2", server.port)})).connect_tcp("127.0.0.1", server.port)
        with pytest.raises(Refused, match="this machine"):
            dialler(line, lambda *_: ["::ffff:127.0.0.1"], server.allow).connect_tcp("news.example", server.port)
        open_one = dialler(line, allow=server.allow)
        open_one.connect_tcp("127.0.0.1", server.port).close()
        assert open_one.peer == "127.0.0.1"


def test_an_allowed_address_does_not_open_the_inner_one_beside_it():
    with serving(page()) as server, pytest.raises(Refused, match="a private network"):
        dialler(resolve=lambda *_: ["127.0.0.1", "10.0.0.1"], allow=server.allow).connect_tcp("x.example", server.port)


def test_nothing_is_dialled_once_the_time_is_up():
    with pytest.raises(Refused, match="took too long: the whole fetch has 0 seconds"):
        dialler(resolve=lambda host, port: [PUBLIC], seconds=0).connect_tcp("news.example", 80)
