"""What every provider's engine sends, and what it makes of the answers."""

import json
import time

import pytest

from appliance.base.errors import Invalid
from appliance.engines.breaker import Resting
from appliance.engines.contract import Finish, Prompt, PromptTooLong, Source, Text, Turn
from appliance.engines.remote.call import Limits
from appliance.engines.remote.trouble import (
    CreditSpent,
    KeyRefused,
    ModelUnknown,
    Nonsense,
    RateLimited,
    Refused,
    StaysInside,
    Unreachable,
)
from tests.engines.remote.servers import KEY, KEY_HEADERS, Refusal

TURNS = (Turn("system", "Be brief."), Turn("user", "We open at nine."))


def prompt(turns=TURNS, **options) -> Prompt:
    return Prompt(turns, **{"max_tokens": 24, **options})


def said(engine, asked: Prompt | None = None) -> tuple[str, Finish]:
    pieces = list(engine.write(asked or prompt()))
    return "".join(piece.text for piece in pieces if isinstance(piece, Text)), pieces[-1]


def test_an_answer_comes_whole_with_its_usage(server):
    text, finish = said(server.engine())

    assert text == "We open at nine."
    assert finish.reason == "stop"
    assert (finish.usage.prompt_tokens, finish.usage.completion_tokens) == (7, 4)


def test_what_was_read_from_a_cache_is_told(server):
    assert said(server.engine())[1].usage.cached_tokens == 2


def test_an_answer_costs_what_the_price_list_says(server):
    priced = server.engine(input_usd_per_million=3.0, output_usd_per_million=15.0)

    assert said(priced)[1].usage.cost_usd == pytest.approx((7 * 3 + 4 * 15) / 1_000_000)
    assert said(server.engine())[1].usage.cost_usd is None


def test_the_limit_cuts_the_answer(server):
    text, finish = said(server.engine(), prompt(max_tokens=2))

    assert (text, finish.reason) == ("We open", "length")


def test_the_key_goes_where_it_belongs_and_nothing_of_this_machine_goes_along(server, monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "ANTHROPIC_AUTH_TOKEN", "GOOGLE_API_KEY",
                 "GROQ_API_KEY", "AZURE_OPENAI_AD_TOKEN"):  # fmt: skip
        monkeypatch.setenv(name, "from-the-environment")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "x-secret: from-the-environment")
    said(server.engine())
    [asked] = server.asked
    header = KEY_HEADERS.get(server.kind, "authorization")
    headers = {name.lower(): value for name, value in asked.headers.items()}

    assert headers.pop(header).removeprefix("Bearer ") == KEY
    assert KEY not in str(asked.headers).replace(KEY, "", 1)
    assert "from-the-environment" not in str(asked)
    assert set(headers) <= {"host", "accept", "content-type", "content-length",
                            "accept-encoding", "user-agent", "anthropic-version"}  # fmt: skip


def test_turns_alternate_and_the_system_s_stand_apart(server):
    turns = (
        Turn("system", "One."),
        Turn("system", "Two."),
        Turn("assistant", "Hello."),
        Turn("user", ""),
        Turn("user", "So?"),
    )
    said(server.engine(), prompt(turns))
    [body] = server.questions()
    told = json.dumps(body, ensure_ascii=False)
    roles = [each["role"] for each in body.get("messages") or body["contents"]]

    assert "One.\\n\\nTwo." in told
    assert [role for role in roles if role != "system"] in (
        ["user", "assistant", "user"], ["user", "model", "user"],
    )  # fmt: skip
    assert "…\\n\\nSo?" in told


@pytest.mark.parametrize("thoughts", ["The visitor wants to know when.", ""])
def test_thoughts_never_reach_the_answer(server, thoughts):
    server.thoughts = thoughts
    server.say = ["<thi", "nk>secretly", " so</th", "ink>\n", "At ", "nine."]

    assert said(server.engine())[0] == "At nine."


def test_a_stop_string_ends_the_answer(server):
    server.say = ["At nine. <sou", "rce id=1> and", " more"]
    text, finish = said(server.engine(), prompt(stop=("<source",)))

    assert (text, finish.reason) == ("At nine. ", "stop")


def test_an_answer_that_breaks_off_is_an_error(server):
    server.break_off = True

    with pytest.raises(Nonsense):
        said(server.engine())


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (Refusal(401), KeyRefused),
        (Refusal(403), KeyRefused),
        (Refusal(400, {"error": {"message": "API key not valid."}}), KeyRefused),
        (Refusal(404), ModelUnknown),
        (Refusal(402), CreditSpent),
        (Refusal(429, {"error": {"code": "insufficient_quota"}}), CreditSpent),
        (Refusal(429, {}, {"Retry-After": "60"}), RateLimited),
        (Refusal(400, {"error": {"message": "prompt is too long: 9 > 8"}}), PromptTooLong),
        (Refusal(400, {"error": {"code": "context_length_exceeded"}}), PromptTooLong),
        (Refusal(413, {"error": {"message": "Request too large, too many tokens"}}), PromptTooLong),
        (Refusal(400, {"error": {"message": "No."}}), Refused),
        (Refusal(302, {}, {"Location": "http://127.0.0.1:9/"}), Nonsense),
        (Refusal(200, {"hello": "there"}), Nonsense),
    ],
)
def test_what_goes_wrong_has_one_name_everywhere(server, refusal, error):
    server.refuse_always = refusal
    began = time.monotonic()

    with pytest.raises(error) as raised:
        said(server.engine())
    assert KEY not in raised.value.message
    assert time.monotonic() - began < 2


def test_a_hiccup_is_tried_again(server, quick):
    server.refusals = [Refusal(503), Refusal(429, {}, {"Retry-After": "0"})]

    assert said(server.engine())[0] == "We open at nine."
    assert len(server.asked) == 3


def test_not_for_ever(server, quick):
    server.refuse_always = Refusal(500)

    with pytest.raises(Unreachable):
        said(server.engine())
    assert len(server.asked) == 3


def test_a_provider_that_keeps_failing_is_left_alone(server, quick):
    server.refuse_always = Refusal(500)
    engine = server.engine()
    for _ in range(3):
        with pytest.raises(Unreachable):
            said(engine)
    asked = len(server.asked)

    with pytest.raises(Resting):
        said(engine)
    assert len(server.asked) == asked
    assert engine.breaker.health().state == "open"


def test_a_parameter_that_a_model_refuses_is_left_out_from_then_on(server):
    if server.kind in ("openai", "azure", "compatible"):
        server.refusals = [
            Refusal(400, {"error": {"message": "Unsupported parameter: 'max_tokens'. Use "
                                    "'max_completion_tokens' instead."}})]  # fmt: skip
    server.refusals += [Refusal(400, {"error": {"message": "`temperature` is deprecated here."}})]
    engine = server.engine()

    assert said(engine)[0] == said(engine)[0] == "We open at nine."
    assert "temperature" in str(server.questions()[0])
    assert "temperature" not in str(server.questions()[-1])
    assert server.refusals == []


def test_a_source_that_must_stay_is_never_sent(server):
    source = Source(1, "Salaries", "Ada earns 9.", stays_inside=True)

    with pytest.raises(StaysInside):
        said(server.engine(), prompt(sources=(source,)))
    assert server.asked == []


@pytest.mark.parametrize("wanted", [{"grammar": "root ::= 'x'"}, {"json_schema": {}}])
def test_a_form_that_a_provider_cannot_promise_is_refused(server, wanted):
    engine = server.engine()
    if set(wanted) <= engine.abilities:
        said(engine, prompt(**wanted))
        assert "schema" in str(server.questions()[0]).lower()
    else:
        with pytest.raises(Invalid):
            said(engine, prompt(**wanted))


def test_a_prompt_that_cannot_fit_is_not_even_sent(server):
    with pytest.raises(PromptTooLong):
        said(server.engine(context_tokens=100), prompt((Turn("user", "word " * 1000),)))
    assert server.asked == []


def test_a_server_that_is_not_there_is_unreachable(server, quick):
    engine = server.engine(limits=Limits(total=2))
    object.__setattr__(engine.account, "base_url", "http://127.0.0.1:9")

    with pytest.raises(Unreachable):
        said(engine)


def test_an_engine_shows_its_key_to_nobody(server):
    engine = server.engine()

    assert KEY not in repr(engine.account)
    assert KEY not in str(vars(engine))
