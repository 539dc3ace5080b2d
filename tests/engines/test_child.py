"""The supervision of a model process, with a process that does as the test says."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time

import pytest

from appliance.base.errors import EngineFailed
from appliance.engines.child import Backoff, Child
from appliance.engines.life import Call

from .parts import SCRIPT, gone, scripted, until


def answer(call: Call) -> dict[str, object]:
    frame = call.next(10)
    assert frame, "no answer in ten seconds"
    return frame.header


def say(child: Child, text: str) -> object:
    return answer(child.call({"op": "say", "text": text}))["said"]


def test_a_child_starts_when_it_is_needed_and_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(monkeypatch) as child:
        before = child.state()

        assert say(child, "hello") == "hello"
        assert (before, child.state()) == ("stopped", "ready")


def test_a_payload_comes_back_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(monkeypatch) as child:
        frame = child.call({"op": "say", "text": ""}, b"\x00\xff" * 500_000).next(10)

        assert frame
        assert frame.payload == b"\x00\xff" * 500_000


def test_a_child_is_started_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(monkeypatch, start="slowly") as child:
        child.preload()

        assert child.state() == "loading"
        assert until(lambda: child.state() == "ready")


def test_a_request_waits_for_the_child_to_load(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(monkeypatch, start="slowly") as child:
        calls = [child.call({"op": "say", "text": str(n)}) for n in range(3)]

        assert [answer(call)["said"] for call in calls] == ["0", "1", "2"]


def test_a_request_given_up_while_loading_is_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(monkeypatch, start="slowly") as child:
        call = child.call({"op": "die", "signal": signal.SIGKILL})
        call.abandon(grace=0)

        assert say(child, "still here") == "still here"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_death_ends_what_was_running_and_the_next_request_works(
    monkeypatch: pytest.MonkeyPatch, death: signal.Signals
) -> None:
    with scripted(monkeypatch) as child:
        running = child.call({"op": "begin"})
        assert answer(running)
        child.call({"op": "die", "signal": death})

        with pytest.raises(EngineFailed, match=f"stopped unexpectedly.*{death.name}"):
            running.next(10)
        assert say(child, "back") == "back"


def test_a_child_that_keeps_dying_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with scripted(monkeypatch, start="die") as child:
        for _ in range(2):
            with pytest.raises(EngineFailed, match="while it was loading"):
                child.call({"op": "say", "text": ""}).next(10)

        with pytest.raises(EngineFailed, match="tried again in"):
            child.call({"op": "say", "text": ""})
        assert child.state() == "failed"


def test_what_the_child_says_about_a_failed_load_reaches_the_caller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = "The model file is damaged"
    with scripted(monkeypatch, start="refuse") as child, pytest.raises(EngineFailed, match=message):
        child.call({"op": "say", "text": ""}).next(10)


def test_a_child_that_talks_nonsense_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(monkeypatch) as child, pytest.raises(EngineFailed, match="could not be used"):
        child.call({"op": "nonsense"}).next(10)


def test_a_child_that_does_not_let_go_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(monkeypatch) as child:
        call = child.call({"op": "begin"})
        answer(call)
        pid = child.pid()
        assert pid

        call.abandon(grace=0.1)

        assert until(lambda: gone(pid))


def test_closing_ends_the_process_and_the_next_request_starts_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with scripted(monkeypatch) as child:
        say(child, "hello")
        first = child.pid()
        assert first

        child.close()

        assert gone(first)
        assert child.state() == "stopped"
        assert say(child, "again") == "again"


def test_a_request_running_while_the_child_is_closed_hears_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with scripted(monkeypatch) as child:
        call = child.call({"op": "begin"})
        answer(call)
        child.close()

        with pytest.raises(EngineFailed, match="unloaded"):
            call.next(10)


def test_what_a_library_prints_goes_to_the_log_and_spoils_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), scripted(monkeypatch) as child:
        answer(child.call({"op": "print", "text": "printed"}))

        assert until(lambda: any(getattr(r, "line", "") == "printed" for r in caplog.records))


def test_an_error_in_the_child_is_logged_without_its_text(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), scripted(monkeypatch) as child:
        with pytest.raises(EngineFailed):
            child.call({"op": "raise", "text": "what a visitor wrote"}).next(10)

        lines = [getattr(record, "line", "") for record in caplog.records]
        assert any("ValueError at" in line for line in lines)
        assert not any("visitor" in line for line in lines)


def test_a_child_is_offline_and_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPLIANCE_ADMIN_PASSWORD", "correct horse")
    with scripted(monkeypatch) as child:
        seen = answer(child.call({"op": "environment"}))["environment"]

    assert isinstance(seen, dict)
    assert "correct horse" not in seen.values()
    assert seen["HF_HUB_OFFLINE"] == seen["TRANSFORMERS_OFFLINE"] == "1"
    assert seen["TOKENIZERS_PARALLELISM"] == "false"


def test_a_child_outlives_the_thread_that_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(monkeypatch) as child:
        thread = threading.Thread(target=lambda: say(child, "from a thread"))
        thread.start()
        thread.join()
        pid = child.pid()
        time.sleep(0.1)

        assert say(child, "still there") == "still there"
        assert child.pid() == pid


def test_a_child_dies_with_its_parent() -> None:
    program = (
        "import sys, time\n"
        "from appliance.engines import life\n"
        "from appliance.engines.child import Child\n"
        f"life.child_command = lambda kind: [sys.executable, {str(SCRIPT)!r}]\n"
        "child = Child('scripted', label='model', load={})\n"
        "child.call({'op': 'say', 'text': ''}).next(10)\n"
        "print(child.pid(), flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.kill()

    assert until(lambda: gone(pid))


def test_the_first_death_is_forgiven_and_the_pause_grows_after() -> None:
    backoff, pauses = Backoff(), []
    for _ in range(8):
        backoff.died(now=100.0)
        pauses.append(backoff.remaining(now=100.0))

    assert pauses == [0, 2, 4, 8, 16, 32, 60, 60]
    backoff.worked()
    assert backoff.remaining(now=100.0) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_memory_that_runs_out_costs_the_running_requests_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with scripted(monkeypatch) as child:
        running = child.call({"op": "begin"})
        assert answer(running)
        child.call({"op": "hoard"})

        with pytest.raises(EngineFailed, match="stopped unexpectedly"):
            running.next(20)
        assert say(child, "back") == "back"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGSEGV])
def test_a_child_that_is_kept_comes_back_before_anybody_asks(
    monkeypatch: pytest.MonkeyPatch, death: signal.Signals
) -> None:
    with scripted(monkeypatch) as child:
        child.kept = True
        say(child, "hello")
        first = child.pid()
        child.call({"op": "die", "signal": death})

        assert until(lambda: child.state() == "ready" and child.pid() != first)


def test_a_child_that_refuses_its_model_is_not_tried_again_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with scripted(monkeypatch, start="refuse") as child:
        child.kept = True
        child.preload()

        assert until(lambda: child.state() == "failed")
        time.sleep(0.2)
        assert child.state() == "failed"


def test_a_kept_child_that_was_closed_stays_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(monkeypatch) as child:
        child.kept = True
        say(child, "hello")
        child.close()
        time.sleep(0.2)

        assert child.state() == "stopped"


def test_a_child_that_is_not_admitted_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def admit() -> None:
        raise EngineFailed("There is no room for this model.")

    with scripted(monkeypatch) as child:
        child._admit = admit
        child.preload()
        with pytest.raises(EngineFailed, match="no room"):
            child.call({"op": "say", "text": ""})

        assert (child.state(), child.pid()) == ("stopped", None)


def test_a_child_with_something_to_do_is_not_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    with scripted(monkeypatch) as child:
        child._clock = lambda: now[0]
        running = child.call({"op": "begin"})
        answer(running)
        now[0] = 200.0
        busy = child.idle()
        running.abandon(grace=0)
        until(lambda: child.state() == "failed")
        now[0] = 230.0

        assert (busy, child.idle()) == (0.0, 30.0)
