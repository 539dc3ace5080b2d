"""Other people's models: where they are served, with which key, and who may use them."""

from __future__ import annotations

from peewee import BlobField, BooleanField, CompositeKey, IntegerField, TextField

from appliance.base import clock
from appliance.base.ids import new_id
from appliance.store.record import JsonField, Record, TenantRecord
from appliance.store.sealed import seal_text, unseal_text

PURPOSE = "providers"  # `InstallKey.derive` makes the key that seals the keys


class Provider(Record):
    """A server of language or embedding models outside this program."""

    id = TextField(primary_key=True, default=lambda: new_id("prv"))
    kind = TextField()  # openai | azure | anthropic | gemini | groq | compatible
    name = TextField()
    base_url = TextField(null=True)  # None: the one that belongs to its kind
    api_version = TextField(null=True)
    models = JsonField(default=list)  # [{name, role, input_usd_per_million, …}, …]
    sealed_key = BlobField(null=True)
    key_hint = TextField(null=True)  # the last four letters, to recognise it by
    enabled = BooleanField(default=False)
    updated_at = IntegerField(default=clock.now)

    def lock_up(self, key: str, sealing: bytes) -> None:
        """Keep a credential. What is stored opens only for this provider at this address."""
        self.sealed_key = seal_text(key, sealing, about=self._about)
        self.key_hint = f"…{key[-4:]}" if len(key) >= 12 else "…"

    def drop_key(self) -> None:
        """Forget the credential."""
        self.sealed_key = self.key_hint = None

    def unlock(self, sealing: bytes) -> str | None:
        """The credential, to be shown to nobody but the provider. Raises Broken."""
        if self.sealed_key is None:
            return None
        return unseal_text(bytes(self.sealed_key), sealing, about=self._about)

    @property
    def _about(self) -> str:
        return f"{self.id} {self.kind} {self.base_url or ''}"


class ProviderPermission(TenantRecord):
    """A project that allows a provider to be sent its texts. Without a row it does not."""

    provider_id = TextField(index=True)

    class Meta:
        primary_key = CompositeKey("project_id", "provider_id")


def allowed(project_id: str, provider_id: str) -> bool:
    """Whether a project's texts may be sent to a provider."""
    rows = ProviderPermission.of(project_id).where(ProviderPermission.provider_id == provider_id)
    return bool(rows.exists())


def allow(project_id: str, provider_id: str, *, allowed: bool) -> None:
    """Give or take back a project's permission, inside the caller's transaction."""
    ProviderPermission.delete().where(
        ProviderPermission.project_id == project_id, ProviderPermission.provider_id == provider_id
    ).execute()
    if allowed:
        ProviderPermission.create(project_id=project_id, provider_id=provider_id)
