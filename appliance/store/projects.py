"""Projects, the people in them, and what they sign in with."""

from __future__ import annotations

from peewee import BooleanField, CompositeKey, IntegerField, TextField

from appliance.base.ids import new_id
from appliance.store.record import Record, TenantRecord

DEFAULT_PROJECT = "prj_default"


class Project(Record):
    """A tenant: rows of one project are never seen from another."""

    id = TextField(primary_key=True, default=lambda: new_id("prj"))
    name = TextField()


class User(Record):
    """A person who signs in to the console."""

    id = TextField(primary_key=True, default=lambda: new_id("usr"))
    email = TextField(unique=True)  # lower case
    name = TextField(default="")
    password_hash = TextField()  # argon2id, with its parameters
    operator = BooleanField(default=False)  # may change the appliance itself


class Membership(TenantRecord):
    """What a person may do in a project: owner, admin, editor, agent or viewer."""

    user_id = TextField(index=True)
    role = TextField()

    class Meta:
        primary_key = CompositeKey("project_id", "user_id")


class SignIn(Record):
    """A browser that is signed in. The cookie's token is kept as a digest only."""

    id = TextField(primary_key=True, default=lambda: new_id("sig"))
    user_id = TextField(index=True)
    digest = TextField(unique=True)
    csrf = TextField()
    seen_at = IntegerField()
    expires_at = IntegerField()


class Ticket(Record):
    """A code that works once: the first admin's, or the desktop window's."""

    digest = TextField(primary_key=True)
    purpose = TextField(index=True)  # setup | window
    user_id = TextField(null=True)
    expires_at = IntegerField()


class Guess(Record):
    """How often somebody tried a password or code without success."""

    subject = TextField(primary_key=True)  # digest of the account and the address
    tries = IntegerField(default=0)
    last_at = IntegerField()


class ApiKey(TenantRecord):
    """A program's credential. The key itself is shown once and never kept."""

    id = TextField(primary_key=True, default=lambda: new_id("key"))
    name = TextField()
    kind = TextField()  # secret | publishable
    digest = TextField(unique=True)
    prefix = TextField()  # what people recognise it by
    scopes = TextField(default="")  # space-separated
    origins = TextField(default="")  # space-separated
    assistant_id = TextField(null=True)  # a publishable key may be bound to one
    created_by = TextField(default="")
    expires_at = IntegerField(null=True)
    revoked_at = IntegerField(null=True)
    last_used_at = IntegerField(null=True)


class Preference(Record):
    """A fact about this installation: was it stopped cleanly, its name, …"""

    name = TextField(primary_key=True)
    value = TextField()
