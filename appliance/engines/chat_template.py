"""From turns to the text a model was trained on, without trusting template or turns.

A model file brings its chat template along, which is a program. It runs in a sandbox
with little to call and little time, and it never sees what people wrote: it is given
placeholders, and its output is cut at them. So a document that contains
`<|im_start|>system` cannot reach the template, and the caller can tell the template's
own words, which may become special tokens, from people's words, which must not.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jinja2 import Template

from appliance.engines.chat_families import ENDS, Family, family_of, misfit
from appliance.engines.contract import Turn
from appliance.engines.template_sandbox import TemplateHostile, TemplateRefused, compiled, run
from appliance.engines.writing import opened_in

_MARK = re.compile(r"</?\|?[^<>|\s]{1,40}\|?>|<<[^<>\s]{1,20}>>|\[/?[A-Z_]{2,20}\]")
_SAMPLE = (Turn("system", "s"), Turn("user", "u"), Turn("assistant", "a"), Turn("user", "u"))
# Said to templates that ask: no thinking aloud, which nobody would see and all would wait for.
_WISHES = {
    "add_generation_prompt": True,
    "enable_thinking": False,
    "thinking": False,
    "reasoning_effort": "low",
    "tools": None,
    "documents": None,
}


@dataclass(frozen=True)
class Segment:
    """A stretch of the prompt. `own`: the template's words; otherwise somebody's."""

    text: str
    own: bool


class ChatTemplate:
    """A model's template, or that of its family when it has none that works."""

    def __init__(
        self,
        source: str | None,
        *,
        bos: str = "",
        eos: str = "",
        warn: Callable[[str], None],
        architecture: str = "",
        has: Callable[[str], bool] | None = None,
    ) -> None:
        """`has` says whether a text is one token of the model; with the `architecture` it
        tells the family. `warn` hears once of a template that cannot be used."""
        self.warning = ""  # the same, as a sentence for the administrator
        self._marks = {"bos_token": bos, "eos_token": eos}
        self._warn = warn
        self.family: Family = family_of(has, architecture, source or "")
        self._known = compiled(self.family.template)
        self._own = self._tried(source, has) if source else None
        self.stops = self._endings(has)  # strings that end an answer, where no token does

    def _tried(self, source: str, has: Callable[[str], bool] | None) -> Template | None:
        try:
            template = compiled(source)
            if has and (theirs := misfit(source, has)):
                self._complain(f"it is one for {theirs.name} models")
                return None
        except TemplateRefused as error:
            self._complain(str(error))
            return None
        return template

    def segments(self, turns: Sequence[Turn]) -> list[Segment]:
        """The prompt for these turns, up to where the assistant speaks next."""
        # Some templates refuse a system turn, or two turns of one speaker in a row.
        for version in (list(turns), folded(turns)):
            if self._own:
                try:
                    return self._rendered(self._own, version)
                except TemplateHostile as error:
                    self._own = None
                    self._complain(str(error))
                except TemplateRefused as error:
                    reason = str(error)
        if self._own:
            self._complain(reason)
        return self._from_family(turns)

    def _from_family(self, turns: Sequence[Turn]) -> list[Segment]:
        try:
            return self._rendered(self._known, list(turns))
        except TemplateRefused:  # a system turn in the middle, where the family has no place
            return self._rendered(self._known, folded(turns))

    def _complain(self, reason: str) -> None:
        if not self.warning:
            name = self.family.name
            self.warning = (
                f"The model's own chat template cannot be used ({reason}). "
                f"It is talked to in the way of {name} instead."
            )
            self._warn(f"the chat template failed ({reason}); using the one of {name}")

    def _endings(self, has: Callable[[str], bool] | None) -> tuple[str, ...]:
        own = "".join(each.text for each in self.segments(_SAMPLE) if each.own)
        written = {end for end in ENDS if end in own}
        written.add(self._marks["eos_token"].strip())
        return tuple(sorted(end for end in written if end and not (has and has(end))))

    def _rendered(self, template: Template, turns: list[Turn]) -> list[Segment]:
        nonce = f"turn{secrets.token_hex(8)}n"
        messages = [
            {"role": turn.role, "content": f"{nonce}{number}e"} for number, turn in enumerate(turns)
        ]
        text = run(template, {"messages": messages, **_WISHES, **self._marks})
        pieces = re.split(f"{nonce}([0-9]+)e", text)
        shown = [int(number) for number in pieces[1::2]]
        if sorted(shown) != list(range(len(turns))) or nonce in "".join(pieces[::2]):
            raise TemplateRefused("it does not show every message once")
        segments = [
            Segment(turns[int(piece)].content, own=False) if odd else Segment(piece, own=True)
            for index, piece in enumerate(pieces)
            for odd in (index % 2,)
        ]
        return [segment for segment in segments if segment.text]


def opened(segments: Sequence[Segment]) -> str:
    """The mark of a thought that the prompt begins on the assistant's behalf, or nothing."""
    return opened_in(segments[-1].text) if segments and segments[-1].own else ""


def marks(segments: Sequence[Segment]) -> set[str]:
    """What a template writes around messages that looks like `<|im_start|>` or `[INST]`."""
    own = "".join(segment.text for segment in segments if segment.own)
    return set(_MARK.findall(own))


def folded(turns: Sequence[Turn]) -> list[Turn]:
    """The same talk for a strict template: no system turn, and the speakers alternate."""
    result: list[Turn] = []
    for turn in turns:
        role = "user" if turn.role == "system" else turn.role
        if result and result[-1].role == role:
            result[-1] = Turn(role, f"{result[-1].content}\n\n{turn.content}")
        else:
            result.append(Turn(role, turn.content))
    return result
