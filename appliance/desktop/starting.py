"""Pure: the pages the window shows while no server answers. They load nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --soft: #5c6b77; --paper: #f7f8f8;
  --line: #dde2e5; --accent: #0f766e; --on-accent: #fff; --box: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaed; --soft: #9aa7b1; --paper: #16191c;
  --line: #2d3439; --accent: #2dd4bf; --on-accent: #10211f; --box: #1d2226; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 2rem;
  background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: min(42rem, 100%); text-align: center; }
svg { width: 64px; height: 64px; }
h1 { font-size: 1.5rem; font-weight: 600; margin: 1rem 0 .25rem; }
p { margin: .25rem 0; color: var(--soft); }
.bar { width: 12rem; height: 4px; margin: 1.5rem auto; border-radius: 2px; overflow: hidden;
  background: var(--line); }
.bar i { display: block; width: 40%; height: 100%; border-radius: 2px; background: var(--accent);
  animation: run 1.4s ease-in-out infinite; }
@keyframes run { from { margin-left: -40%; } to { margin-left: 100%; } }
@media (prefers-reduced-motion: reduce) { .bar i { animation: none; width: 100%; opacity: .5; } }
pre { margin: 1.5rem 0; padding: 1rem; max-height: 16rem; overflow: auto; text-align: left;
  font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--box); border: 1px solid var(--line); border-radius: 8px; }
button { font: inherit; font-weight: 600; padding: .6rem 1.4rem; border: 0; border-radius: 8px;
  color: var(--on-accent); background: var(--accent); cursor: pointer; }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
small { color: var(--soft); overflow-wrap: anywhere; }
"""

# A house with its door open: the program's icon, as packaging/icon.svg has it.
MARK = (
    '<svg viewBox="0 0 64 64" aria-hidden="true"><rect width="64" height="64" rx="14" '
    'fill="#0f766e"/><path d="M12 32 32 14l20 18v18a3 3 0 0 1-3 3H15a3 3 0 0 1-3-3Z" '
    'fill="#fff"/><path d="M22 30h20a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H32l-6 5v-5h-4a3 3 0 0 '
    '1-3-3v-8a3 3 0 0 1 3-3Z" fill="#0f766e"/></svg>'
)


def waiting(words: Sequence[str] = (), *, again: bool = False) -> str:
    """While the server starts. With `words`, it takes long and this is what it says."""
    title = "Starting Inhouse again" if again else "Starting Inhouse"
    text = (
        "This takes longer than usual. The server says:"
        if words
        else "The console opens in a moment."
    )
    return _page(title, f'<p role="status">{text}</p><div class="bar"><i></i></div>', words)


def failed(words: Sequence[str], log: str) -> str:
    """The server ended instead of answering; why, and what can be done about it."""
    return _page(
        "Inhouse did not start",
        '<p role="alert">The server ended before it answered. Its last words:</p>',
        words or ["It said nothing."],
        after=_again("Try again") + f"<p><small>All of it is in {escape(log)}</small></p>",
    )


def gone(address: str) -> str:
    """A server that somebody else started, and has stopped."""
    return _page(
        "The server has stopped",
        f'<p role="status">The console comes back by itself when the server at '
        f"{escape(address)} does.</p>" + '<div class="bar"><i></i></div>',
        after=_again("Start it here"),
    )


def _again(label: str) -> str:
    return f'<button autofocus onclick="pywebview.api.retry()">{escape(label)}</button>'


def _page(title: str, body: str, words: Sequence[str] = (), *, after: str = "") -> str:
    said = f"<pre>{escape(chr(10).join(words))}</pre>" if words else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{MARK}<h1>{escape(title)}</h1>{body}{said}{after}</main></body></html>"
    )
