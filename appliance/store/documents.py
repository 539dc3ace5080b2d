"""Collections, the sources that feed them, documents, and the passages cut from them."""

from __future__ import annotations

from peewee import AutoField, BooleanField, IntegerField, TextField

from appliance.base import clock
from appliance.base.ids import new_id
from appliance.store.record import JsonField, TenantRecord


class Collection(TenantRecord):
    """Passages that are searched together."""

    number = AutoField()  # names its full-text table
    id = TextField(unique=True, default=lambda: new_id("col"))
    name = TextField()
    revision = IntegerField(default=0)  # raised by every change of what can be found
    never_leaves_the_box = BooleanField(default=False)  # no model elsewhere reads of it


class Source(TenantRecord):
    """Where documents come from: an upload, a text, later a folder or a site."""

    id = TextField(primary_key=True, default=lambda: new_id("src"))
    collection_id = TextField(index=True)
    name = TextField()
    type = TextField()  # file | text
    metadata = JsonField(default=dict)
    updated_at = IntegerField(default=clock.now)


class Document(TenantRecord):
    """One file or text, and how far along it is."""

    id = TextField(primary_key=True, default=lambda: new_id("doc"))
    collection_id = TextField(index=True)
    source_id = TextField(index=True)
    name = TextField()
    digest = TextField(index=True)  # of the original bytes; names the blob
    size = IntegerField()
    media_type = TextField(default="")
    state = TextField(default="queued")  # queued | processing | ready | failed
    enabled = BooleanField(default=True)
    trouble_code = TextField(default="")
    trouble = TextField(default="")  # in words an admin can act on
    report = JsonField(default=dict)
    metadata = JsonField(default=dict)
    title = TextField(default="")
    passages = IntegerField(default=0)
    updated_at = IntegerField(default=clock.now)


class Passage(TenantRecord):
    """A piece of a document, and its place. Its vectors are `store.embedders`'."""

    id = AutoField()  # also its id in the vector index and the full-text table
    collection_id = TextField()
    document_id = TextField()
    position = IntegerField()  # from 0, in reading order
    kind = TextField(default="text")  # text | table | list | code
    text = TextField()
    digest = TextField()  # of what was embedded; unchanged text is not embedded again
    tokens = IntegerField()
    page = IntegerField(null=True)
    heading = TextField(null=True)
    sheet = TextField(null=True)
    cells = TextField(null=True)
    sentences = JsonField(default=list)  # [[start, end], …] characters of `text`

    class Meta:
        indexes = ((("document_id", "position"), True), (("collection_id", "id"), False))
