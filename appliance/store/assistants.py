"""Assistants, their history of configurations, and the sessions held with them."""

from __future__ import annotations

from peewee import IntegerField, TextField

from appliance.base import clock
from appliance.base.ids import new_id
from appliance.store.record import JsonField, TenantRecord


class Assistant(TenantRecord):
    """A configured assistant. `config` is validated before it gets here."""

    id = TextField(primary_key=True, default=lambda: new_id("asst"))
    name = TextField()
    config = JsonField()
    version = IntegerField(default=1)
    collection_id = TextField()  # its own collection; config may list more
    updated_at = IntegerField(default=clock.now)
    archived_at = IntegerField(null=True)


class AssistantVersion(TenantRecord):
    """What an assistant was configured to be, at each change."""

    id = TextField(primary_key=True, default=lambda: new_id("ver"))
    assistant_id = TextField(index=True)
    number = IntegerField()
    name = TextField()
    config = JsonField()
    author = TextField(default="")

    class Meta:
        indexes = ((("assistant_id", "number"), True),)


class Session(TenantRecord):
    """A conversation. Its messages are numbered without gaps."""

    id = TextField(primary_key=True, default=lambda: new_id("ses"))
    assistant_id = TextField(index=True)
    kind = TextField(default="api")  # api | widget | console | cli
    state = TextField(default="bot")  # bot | waiting | human | closed
    user_id = TextField(null=True)
    origin = TextField(null=True)  # the page it was started from
    digest = TextField(null=True, unique=True)  # of the visitor's token
    token_expires_at = IntegerField(null=True)
    last_seq = IntegerField(default=0)
    metadata = JsonField(default=dict)
    updated_at = IntegerField(default=clock.now)


class Message(TenantRecord):
    """One message of a session."""

    id = TextField(primary_key=True, default=lambda: new_id("msg"))
    session_id = TextField(index=True)
    seq = IntegerField()
    role = TextField()  # user | assistant | system | tool | agent
    content = TextField()
    state = TextField(default="complete")  # writing | complete | partial | failed
    reason = TextField(null=True)  # why it is what it is: no_answer, stopped, engine_failed, …
    reply_to = TextField(null=True)
    citations = JsonField(default=list)
    metadata = JsonField(default=dict)
    mode = TextField(null=True)  # generate | quote | refuse
    confidence = JsonField(null=True)
    engine = TextField(null=True)
    model = TextField(null=True)
    prompt_tokens = IntegerField(default=0)
    completion_tokens = IntegerField(default=0)
    first_token_ms = IntegerField(null=True)
    latency_ms = IntegerField(null=True)
    drawn_on = JsonField(null=True)  # ids of the collections its passages are from; None: unknown

    class Meta:
        indexes = ((("session_id", "seq"), True),)
