"""Real models' ways of writing a talk down: their own templates, and ours when those fail."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest

from appliance.engines import template_sandbox
from appliance.engines.chat_families import FAMILIES
from appliance.engines.chat_template import ChatTemplate, opened
from appliance.engines.contract import Turn
from appliance.engines.writing import Writing

TALK = (Turn("system", "S"), Turn("user", "A"), Turn("assistant", "B"), Turn("user", "C"))
BROKEN = "{{ undefined.attribute }}"


def vocabulary(*words: str) -> Callable[[str], bool]:
    return lambda text: text in words


def template(source: str | None, **options: object) -> ChatTemplate:
    return ChatTemplate(source, bos="<s>", eos="</s>", warn=lambda _: None, **options)  # type: ignore[arg-type]


def text_of(made: ChatTemplate, turns: tuple[Turn, ...] = TALK) -> str:
    return "".join(segment.text for segment in made.segments(turns))


# What each family's models were trained on, as their makers document it.
WRITTEN = {
    "Llama 3": "<s><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|>"
    "<|start_header_id|>user<|end_header_id|>\n\nA<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\nB<|eot_id|>"
    "<|start_header_id|>user<|end_header_id|>\n\nC<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\n",
    "ChatML": "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nA<|im_end|>\n"
    "<|im_start|>assistant\nB<|im_end|>\n<|im_start|>user\nC<|im_end|>\n<|im_start|>assistant\n",
    "Phi 4": "<|im_start|>system<|im_sep|>S<|im_end|><|im_start|>user<|im_sep|>A<|im_end|>"
    "<|im_start|>assistant<|im_sep|>B<|im_end|><|im_start|>user<|im_sep|>C<|im_end|>"
    "<|im_start|>assistant<|im_sep|>",
    "Phi 3": "<|system|>\nS<|end|>\n<|user|>\nA<|end|>\n<|assistant|>\nB<|end|>\n"
    "<|user|>\nC<|end|>\n<|assistant|>\n",
    "Zephyr": "<|system|>\nS</s>\n<|user|>\nA</s>\n<|assistant|>\nB</s>\n<|user|>\nC</s>\n"
    "<|assistant|>\n",
    "Mistral": "<s>[INST] S\n\nA [/INST] B</s>[INST] C [/INST]",
    "Gemma": "<s><start_of_turn>user\nS\n\nA<end_of_turn>\n<start_of_turn>model\nB<end_of_turn>\n"
    "<start_of_turn>user\nC<end_of_turn>\n<start_of_turn>model\n",
    "gpt-oss": "<|start|>developer<|message|>S<|end|><|start|>user<|message|>A<|end|>"
    "<|start|>assistant<|channel|>final<|message|>B<|end|><|start|>user<|message|>C<|end|>"
    "<|start|>assistant",
    "DeepSeek": "<s>S\n\n<｜User｜>A<｜Assistant｜>B<｜end▁of▁sentence｜>"
    "<｜User｜>C<｜Assistant｜>",
    "Granite": "<|start_of_role|>system<|end_of_role|>S<|end_of_text|>\n"
    "<|start_of_role|>user<|end_of_role|>A<|end_of_text|>\n"
    "<|start_of_role|>assistant<|end_of_role|>B<|end_of_text|>\n"
    "<|start_of_role|>user<|end_of_role|>C<|end_of_text|>\n"
    "<|start_of_role|>assistant<|end_of_role|>",
    "Command R": "<s><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>S<|END_OF_TURN_TOKEN|>"
    "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>A<|END_OF_TURN_TOKEN|>"
    "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>B<|END_OF_TURN_TOKEN|>"
    "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>C<|END_OF_TURN_TOKEN|>"
    "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>",
    "Alpaca": "S\n\n### Instruction:\nA\n\n### Response:\nB\n\n### Instruction:\nC\n\n"
    "### Response:\n",
}  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_broken_template_falls_back_to_that_of_the_family(family) -> None:
    made = template(BROKEN, has=vocabulary(*family.signs))

    assert text_of(made) == WRITTEN[family.name]
    assert family.name in made.warning


@pytest.mark.parametrize(
    ("source", "architecture", "words", "name"),
    [
        (BROKEN, "gemma3", (), "Gemma"),
        (BROKEN, "gpt-oss", (), "gpt-oss"),
        (BROKEN, "unheard-of", (), "ChatML"),
        (f"{BROKEN}<|user|><|assistant|>", "llama", (), "Zephyr"),
        # SmolLM3 has the words of Llama 3 as well, DeepSeek's distillates those of ChatML.
        (BROKEN, "smollm3", ("<|im_start|>", "<|im_end|>", "<|start_header_id|>", "<|eot_id|>"),
         "ChatML"),
        (f"{BROKEN}<｜User｜><｜Assistant｜>", "qwen2",
         ("<|im_start|>", "<|im_end|>", "<｜User｜>", "<｜Assistant｜>"), "DeepSeek"),
    ],
)  # fmt: skip
def test_the_family_is_told_by_vocabulary_architecture_and_words(
    source: str, architecture: str, words: tuple[str, ...], name: str
) -> None:
    has = vocabulary(*words) if words else None

    assert template(source, architecture=architecture, has=has).family.name == name


def test_a_template_of_another_family_is_replaced() -> None:
    llama = next(family for family in FAMILIES if family.name == "Llama 3")
    made = template(llama.template, has=vocabulary("<|im_start|>", "<|im_end|>"))

    assert text_of(made) == WRITTEN["ChatML"]
    assert "one for Llama 3 models" in made.warning


def test_a_template_whose_words_are_no_tokens_is_kept_where_nothing_better_is_known() -> None:
    zephyr = next(family for family in FAMILIES if family.name == "Zephyr")
    made = template(zephyr.template, has=vocabulary("</s>"))

    assert text_of(made) == WRITTEN["Zephyr"]
    assert made.warning == ""


# After the shape of what these models ship with: the constructs their templates are made of.
QWEN3 = """{%- set ns = namespace(multi_step_tool=true, last=messages|length - 1) %}
{%- for message in messages[::-1] %}{%- set index = (messages|length - 1) - loop.index0 %}
{%- if ns.multi_step_tool and message.role == "user" and message.content is string and
not(message.content.startswith('<tool_response>')) %}
{%- set ns.multi_step_tool = false %}{%- set ns.last = index %}{%- endif %}{%- endfor %}
{%- for message in messages %}{%- set content = message.content %}
{%- if message.role == "assistant" %}{%- if '</think>' in content %}
{%- set content = content.split('</think>')[-1].lstrip('\\n') %}{%- endif %}{%- endif %}
{{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>\\n' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}
{%- if enable_thinking is defined and enable_thinking is false %}
{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}{%- endif %}"""
R1 = """{% set ns = namespace(system='') %}{%- for message in messages -%}
{%- if message['role'] == 'system' -%}{%- set ns.system = message['content'] -%}{%- endif -%}
{%- endfor -%}{{bos_token}}{{ns.system}}{%- for message in messages -%}
{%- if message['role'] == 'user' -%}{{'<｜User｜>' + message['content']}}{%- endif -%}
{%- if message['role'] == 'assistant' and message['content'] is not none -%}
{{'<｜Assistant｜>' + message['content'] + '<｜end▁of▁sentence｜>'}}{%- endif -%}
{%- endfor -%}{%- if add_generation_prompt -%}{{'<｜Assistant｜><think>\\n'}}{%- endif %}"""
GEMMA3 = """{{ bos_token }}{%- if messages[0]['role'] == 'system' -%}
{%- set first = messages[0]['content'] + '\\n\\n' -%}{%- set loop_messages = messages[1:] -%}
{%- else -%}{%- set first = "" -%}{%- set loop_messages = messages -%}{%- endif -%}
{%- for message in loop_messages -%}
{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
{{ raise_exception("Conversation roles must alternate") }}{%- endif -%}
{{ '<start_of_turn>' + ('model' if message['role'] == 'assistant' else message['role'])
+ '\\n' + (first if loop.first else "") }}
{%- if message['content'] is string -%}{{ message['content'] | trim }}
{%- elif message['content'] is iterable -%}{%- for item in message['content'] -%}
{{ item['text'] | trim }}{%- endfor -%}{%- endif -%}{{ '<end_of_turn>\\n' }}{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<start_of_turn>model\\n' }}{%- endif -%}"""
SMOLLM3 = """{%- set mode = '/think' if enable_thinking else '/no_think' -%}
{%- if messages[0].role == "system" -%}{%- set words = messages[0].content -%}
{%- set words = words.replace("/no_think", "").replace("/think", "").rstrip() -%}{%- endif -%}
{{- "<|im_start|>system\\nToday: " ~ strftime_now("%d %B %Y") ~ "\\nMode: " ~ mode ~ "\\n" -}}
{%- if words is defined -%}{{- words -}}{%- endif -%}{{- "<|im_end|>\\n" -}}
{%- for message in messages if message.role != "system" -%}
{%- if message.role == "assistant" -%}{%- generation -%}
{{- "<|im_start|>assistant\\n" + message.content.lstrip("\\n") + "<|im_end|>\\n" -}}
{%- endgeneration -%}{%- else -%}
{{- "<|im_start|>" + message.role + "\\n" + message.content + "<|im_end|>\\n" -}}{%- endif -%}
{%- endfor -%}{%- if add_generation_prompt -%}{{- "<|im_start|>assistant\\n" -}}
{%- if mode == "/no_think" -%}{{- "<think>\\n\\n</think>\\n" -}}{%- endif -%}{%- endif -%}"""
HARMONY = """{%- macro said(words) -%}{{- words | trim -}}{%- endmacro -%}
{{- "<|start|>system<|message|>Reasoning: " + reasoning_effort + "\\n\\n" }}
{{- "# Valid channels: analysis, commentary, final.<|end|>" }}
{%- if messages[0].role == "system" %}{%- set rest = messages[1:] %}
{{- "<|start|>developer<|message|># Instructions\\n\\n" + said(messages[0].content) + "<|end|>" }}
{%- else %}{%- set rest = messages %}{%- endif %}{%- for message in rest %}
{%- if message.role == "assistant" %}
{%- if "<|channel|>analysis<|message|>" in message.content %}{{ raise_exception("thoughts") }}
{%- endif %}{{- "<|start|>assistant<|channel|>final<|message|>" + message.content + "<|end|>" }}
{%- else %}{{- "<|start|>user<|message|>" + message.content + "<|end|>" }}{%- endif %}
{%- endfor %}{%- if add_generation_prompt %}<|start|>assistant{%- endif %}"""


@pytest.mark.parametrize(
    ("source", "contains", "last"),
    [
        (QWEN3, "<|im_start|>user\nA<|im_end|>\n", "assistant\n<think>\n\n</think>\n\n"),
        (R1, "<s>S<｜User｜>A<｜Assistant｜>B<｜end▁of▁sentence｜>", "<｜Assistant｜><think>\n"),
        (GEMMA3, "<start_of_turn>user\nS\n\nA<end_of_turn>\n<start_of_turn>model\nB", "model\n"),
        (SMOLLM3, "Mode: /no_think\nS<|im_end|>\n", "assistant\n<think>\n\n</think>\n"),
        (HARMONY, "Reasoning: low", "<|end|><|start|>assistant"),
    ],
    ids=["Qwen3", "DeepSeek-R1", "Gemma 3", "SmolLM3", "gpt-oss"],
)
def test_what_real_templates_do_works(source: str, contains: str, last: str) -> None:
    made = template(source)
    text = text_of(made)

    assert made.warning == ""
    assert contains in text
    assert text.endswith(last)


def test_only_a_thought_left_open_by_the_prompt_is_taken_for_one() -> None:
    thoughts = [opened(template(source).segments(TALK)) for source in (QWEN3, R1, SMOLLM3)]

    assert thoughts == ["", "<think>", ""]
    assert Writing(thought=thoughts[1]).feed(b"Hm.</think>\n\nYes.") == "Yes."
    assert opened(template(None).segments((Turn("user", "<think>"),))) == ""


def test_an_answer_ends_at_what_the_family_writes_where_no_token_does() -> None:
    chatml = vocabulary("<|im_start|>", "<|im_end|>")

    assert template(None).stops == ("</s>", "<|im_end|>")
    assert template(None, has=chatml).stops == ("</s>",)
    assert "<end_of_turn>" in template(GEMMA3).stops


LARGE = "{% set s = 'x' * 900000 %}"
DOUBLING = "{% set ns = namespace(s='xxxxxxxx', l=[1], m=[1]) %}{% for i in range(60) %}"
HOSTILE = {
    "classes": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "globals": "{{ raise_exception.__globals__['__builtins__']['open']('/etc/passwd').read() }}",
    "attr": "{{ messages|attr('__class__') }}",
    "format": "{{ '{0.__class__}'.format(messages) }}",
    "width": "{{ '{:>10000000000}'.format(1) }}",
    "map": "{{ (messages|map(attribute='__class__')|first).__mro__ }}",
    "self": "{{ self._TemplateReference__context.environment.loader }}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as os %}{{ os }}",
    "loop": "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "nesting": "{{ " + "(" * 30000 + "1" + ")" * 30000 + " }}",
    "minus": "{{ " + "-" * 60000 + "1 }}",
    "times": "{{ 'x' * 10000000000 }}",
    "power": "{{ 10 ** 10 ** 10 }}",
    "to_bytes": "{{ (5).to_bytes(10000000000, 'big') }}",
    "join": LARGE + "{{ ([s] * 99999)|join }}",
    "str.join": LARGE + "{{ ''.join([s] * 99999) }}",
    "map join": LARGE + "{{ ([s] * 99999)|map('string')|join }}",
    "replace": LARGE + "{{ s|replace('x', s) }}",
    "str.replace": LARGE + "{{ s.replace('x', s) }}",
    "empty replace": LARGE + "{{ s.replace('', s) }}",
    "translate": LARGE + "{{ s.translate({120: s}) }}",
    "tilde": DOUBLING + "{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}",
    "plus": DOUBLING + "{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s }}",
    "laughs": DOUBLING + "{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
    "laughs in JSON": DOUBLING + "{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}",
    "laughs compared": DOUBLING
    + "{% set ns.l = [ns.l, ns.l] %}{% set ns.m = [ns.m, ns.m] %}{% endfor %}{{ ns.l == ns.m }}",
    "laughs tested": DOUBLING
    + "{% set ns.l = [ns.l, ns.l] %}{% set ns.m = [ns.m, ns.m] %}{% endfor %}{{ ns.l is eq ns.m }}",
    "block": LARGE + "{% set b %}{% for i in range(99999) %}{{ s }}{% endfor %}{% endset %}{{ b }}",
    "macro": LARGE + "{% macro m() %}{% for i in range(99999) %}{{ s }}{% endfor %}{% endmacro %}"
    "{{ m() }}",
    "date": "{{ strftime_now('%99999999999d') }}",
    "dates": "{{ strftime_now('%c' * 99999) }}",
    "shown twice": "{% for m in messages %}{{ m.content }}{{ m.content }}{% endfor %}",
}  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_template_reads_nothing_and_takes_little_time_and_room(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_sandbox, "_SECONDS", 0.1)
    whole = source + "{% for m in messages %}{{ m.content }}{% endfor %}"
    started = time.monotonic()
    tracemalloc.start()
    made = template(whole)
    text = text_of(made)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert text == WRITTEN["ChatML"]
    assert "ChatML" in made.warning
    assert peak < 400 * 2**20
    assert time.monotonic() - started < 30  # a second each for compiling, trying, trying folded
