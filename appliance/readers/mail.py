"""Mail as it is saved: .eml by its standard, .msg through kreuzberg."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from appliance.readers import hypertext, nodes
from appliance.readers.contract import Damaged
from appliance.readers.decoding import decode
from appliance.readers.draft import Draft
from appliance.readers.texts import write_plain
from appliance.readers.tidy import clean, one_line

_SHOWN = ("Subject", "From", "To", "Cc", "Date")


def read_eml(content: bytes) -> Draft:
    """Who wrote what to whom, and the text; of two versions the plain one. Raises Damaged."""
    draft = Draft()
    message = email.message_from_bytes(content, policy=email.policy.default)
    head = [(name, one_line(str(value))) for name in _SHOWN if (value := message.get(name))]
    if not head:
        raise Damaged("This is no saved e-mail message: it has no sender, subject or date.")
    draft.describe(title=dict(head).get("Subject"), author=dict(head).get("From"))
    draft.paragraph("\n".join(f"{name}: {value}" for name, value in head))
    _write_body(message, draft)
    nodes.warn_of_attachments(
        draft, [part.get_filename() or "" for part in message.iter_attachments()]
    )
    return draft


def read_msg(content: bytes) -> Draft:
    """The same of an Outlook message. Raises Damaged."""
    draft = nodes.read(content, "msg")
    head = draft.blocks[0].text if draft.blocks else ""
    if draft.title is None and head.startswith("Subject: "):
        draft.describe(title=head.partition("\n")[0].removeprefix("Subject: "))
    return draft


def _write_body(message: EmailMessage, draft: Draft) -> None:
    body = message.get_body(preferencelist=("plain", "html"))
    if not isinstance(body, EmailMessage):
        return
    content = body.get_payload(decode=True)
    text = decode(
        content if isinstance(content, bytes) else b"",
        draft,
        declared=body.get_content_charset() or "",
    )
    if body.get_content_type() == "text/html":
        hypertext.read_fragment(text, draft)
    else:
        write_plain(clean(text), draft)
