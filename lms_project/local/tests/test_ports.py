import socket

from lms_project.local.ports import free_port


def test_free_port_prefers_the_usual_one() -> None:
    usual = free_port()
    assert free_port(usual) == usual


def test_free_port_evades_a_taken_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert free_port(taken.getsockname()[1]) != taken.getsockname()[1]
