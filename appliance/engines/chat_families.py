"""Pure: how the known families of models write a talk down, and how their answers end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{{ message.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant{{ '\n' }}"
)
# A system turn comes first or not at all, and becomes the beginning of the first user turn.
_FOLD = (
    "{% if messages[0].role == 'system' %}{% set talk = messages[1:] %}"
    "{% set first = messages[0].content ~ '\n\n' %}"
    "{% else %}{% set talk = messages %}{% set first = '' %}{% endif %}"
)
_LLAMA3 = (
    "{{ bos_token }}{% for message in messages %}"
    "<|start_header_id|>{{ message.role }}<|end_header_id|>\n\n"
    "{{ message.content }}<|eot_id|>{% endfor %}"
    "<|start_header_id|>assistant<|end_header_id|>{{ '\n\n' }}"
)
_MISTRAL = (
    f"{_FOLD}{{{{ bos_token }}}}"
    "{% for message in talk %}{% if message.role == 'user' %}"
    "[INST] {{ first if loop.first else '' }}{{ message.content }} [/INST]"
    "{% else %} {{ message.content }}{{ eos_token }}{% endif %}{% endfor %}"
)
_GEMMA = (
    f"{_FOLD}{{{{ bos_token }}}}"
    "{% for message in talk %}"
    "<start_of_turn>{{ 'user' if message.role == 'user' else 'model' }}\n"
    "{{ first if loop.first else '' }}{{ message.content }}<end_of_turn>\n{% endfor %}"
    "<start_of_turn>model{{ '\n' }}"
)
_PHI3 = (
    "{% for message in messages %}<|{{ message.role }}|>\n"
    "{{ message.content }}<|end|>\n{% endfor %}<|assistant|>{{ '\n' }}"
)
_PHI4 = (
    "{% for message in messages %}<|im_start|>{{ message.role }}<|im_sep|>"
    "{{ message.content }}<|im_end|>{% endfor %}<|im_start|>assistant<|im_sep|>"
)
_ZEPHYR = (
    "{% for message in messages %}<|{{ message.role }}|>\n"
    "{{ message.content }}{{ eos_token }}\n{% endfor %}<|assistant|>{{ '\n' }}"
)
_ALPACA = (
    f"{_FOLD}"
    "{{ first }}{% for message in talk %}"
    "### {{ 'Instruction' if message.role == 'user' else 'Response' }}:\n"
    "{{ message.content }}\n\n{% endfor %}### Response:{{ '\n' }}"
)
_DEEPSEEK = (
    f"{_FOLD}{{{{ bos_token }}}}{{{{ first }}}}"
    "{% for message in talk %}{% if message.role == 'user' %}"
    "<｜User｜>{{ message.content }}"
    "{% else %}<｜Assistant｜>{{ message.content }}<｜end▁of▁sentence｜>{% endif %}{% endfor %}"
    "<｜Assistant｜>"
)
_COMMAND_R = (
    "{{ bos_token }}{% for message in messages %}<|START_OF_TURN_TOKEN|>"
    "{{ {'system': '<|SYSTEM_TOKEN|>', 'user': '<|USER_TOKEN|>'}"
    ".get(message.role, '<|CHATBOT_TOKEN|>') }}"
    "{{ message.content }}<|END_OF_TURN_TOKEN|>{% endfor %}"
    "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>"
)
_GRANITE = (
    "{% for message in messages %}<|start_of_role|>{{ message.role }}<|end_of_role|>"
    "{{ message.content }}<|end_of_text|>\n{% endfor %}"
    "<|start_of_role|>assistant<|end_of_role|>"
)
_HARMONY = (
    "{% for message in messages %}{% if message.role == 'assistant' %}"
    "<|start|>assistant<|channel|>final<|message|>{% else %}"
    "<|start|>{{ 'developer' if message.role == 'system' else 'user' }}<|message|>{% endif %}"
    "{{ message.content }}<|end|>{% endfor %}<|start|>assistant"
)


@dataclass(frozen=True)
class Family:
    """`signs`: what its models have in their vocabulary. `kinds`: their architectures."""

    name: str
    template: str
    signs: tuple[str, ...]
    kinds: tuple[str, ...] = ()

    def speaks_in(self, text: str) -> bool:
        """Its words are there."""
        return all(sign in text for sign in self.signs)


CHATML_FAMILY = Family(
    "ChatML",
    CHATML,
    ("<|im_start|>", "<|im_end|>"),
    ("qwen", "qwen2", "qwen2moe", "qwen3", "qwen3moe", "smollm3"),
)
# The first whose signs are all there is taken, so the particular come before the general.
FAMILIES = (
    Family("Phi 4", _PHI4, ("<|im_start|>", "<|im_sep|>", "<|im_end|>")),
    Family("Llama 3", _LLAMA3, ("<|start_header_id|>", "<|eot_id|>")),
    CHATML_FAMILY,
    Family(
        "Gemma",
        _GEMMA,
        ("<start_of_turn>", "<end_of_turn>"),
        ("gemma", "gemma2", "gemma3", "gemma3n"),
    ),
    Family("gpt-oss", _HARMONY, ("<|start|>", "<|message|>", "<|channel|>"), ("gpt-oss",)),
    Family("Command R", _COMMAND_R, ("<|START_OF_TURN_TOKEN|>",), ("command-r", "cohere2")),
    Family("Granite", _GRANITE, ("<|start_of_role|>",), ("granite", "granitemoe")),
    Family("DeepSeek", _DEEPSEEK, ("<｜User｜>", "<｜Assistant｜>"), ("deepseek", "deepseek2")),
    Family("Phi 3", _PHI3, ("<|user|>", "<|assistant|>", "<|end|>"), ("phi3", "phimoe")),
    Family("Mistral", _MISTRAL, ("[INST]", "[/INST]")),
    Family("Zephyr", _ZEPHYR, ("<|user|>", "<|assistant|>"), ("stablelm",)),
    Family("Alpaca", _ALPACA, ("### Instruction:", "### Response:")),
)

# How an answer ends, written out: some files do not list these as tokens.
ENDS = (
    "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<end_of_turn>", "<turn|>", "<|end|>", "<|return|>",
    "</s>", "<|endoftext|>", "<|end_of_text|>", "<|END_OF_TURN_TOKEN|>", "<｜end▁of▁sentence｜>",
    "<|eot|>", "<|eos|>", "<seed:eos>", "[EOS]", "### Instruction:",
)  # fmt: skip


def family_of(has: Callable[[str], bool] | None, architecture: str, source: str) -> Family:
    """The likeliest one: by the vocabulary, the architecture, and the words of a template.

    `has` says whether a text is one token of the vocabulary; None: not known.
    """
    spoken = [family for family in FAMILIES if has and all(map(has, family.signs))]
    for family in spoken or FAMILIES:  # a broken template still has the right words
        if spoken and family.speaks_in(source):
            return family
    for family in spoken or FAMILIES:
        if architecture in family.kinds:
            return family
    if spoken:
        return spoken[0]
    return next((family for family in FAMILIES if family.speaks_in(source)), CHATML_FAMILY)


def misfit(written: str, has: Callable[[str], bool]) -> Family | None:
    """The family that a template is of, when the model knows none of its words but another's."""
    theirs = next((family for family in FAMILIES if family.speaks_in(written)), None)
    if theirs is None or any(map(has, theirs.signs)):
        return None
    return theirs if any(all(map(has, family.signs)) for family in FAMILIES) else None
