"""How the database came to look as it does. Append; never edit what was released."""

from __future__ import annotations

from collections.abc import Callable

from appliance.base import clock
from appliance.base.errors import Broken
from appliance.store.database import database
from appliance.store.projects import DEFAULT_PROJECT

_INITIAL = """
CREATE TABLE project (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    name TEXT NOT NULL
);
CREATE TABLE user (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    operator INTEGER NOT NULL
);
CREATE UNIQUE INDEX user_email ON user (email);
CREATE TABLE membership (
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    PRIMARY KEY (project_id, user_id)
);
CREATE INDEX membership_project_id ON membership (project_id);
CREATE INDEX membership_user_id ON membership (user_id);
CREATE TABLE sign_in (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    csrf TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX sign_in_user_id ON sign_in (user_id);
CREATE UNIQUE INDEX sign_in_digest ON sign_in (digest);
CREATE TABLE ticket (
    digest TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    user_id TEXT,
    expires_at INTEGER NOT NULL
);
CREATE INDEX ticket_purpose ON ticket (purpose);
CREATE TABLE guess (
    subject TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    last_at INTEGER NOT NULL
);
CREATE TABLE api_key (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    prefix TEXT NOT NULL,
    scopes TEXT NOT NULL,
    origins TEXT NOT NULL,
    assistant_id TEXT,
    created_by TEXT NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER
);
CREATE INDEX api_key_project_id ON api_key (project_id);
CREATE UNIQUE INDEX api_key_digest ON api_key (digest);
CREATE TABLE preference (
    name TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    value TEXT NOT NULL
);
CREATE TABLE assistant (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    config TEXT NOT NULL,
    version INTEGER NOT NULL,
    collection_id TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    archived_at INTEGER
);
CREATE INDEX assistant_project_id ON assistant (project_id);
CREATE TABLE assistant_version (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    assistant_id TEXT NOT NULL REFERENCES assistant (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    config TEXT NOT NULL,
    author TEXT NOT NULL
);
CREATE INDEX assistant_version_project_id ON assistant_version (project_id);
CREATE INDEX assistant_version_assistant_id ON assistant_version (assistant_id);
CREATE UNIQUE INDEX assistant_version_assistant_id_number ON assistant_version (assistant_id, number);
CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    assistant_id TEXT NOT NULL REFERENCES assistant (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    user_id TEXT,
    origin TEXT,
    digest TEXT,
    token_expires_at INTEGER,
    last_seq INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX session_project_id ON session (project_id);
CREATE INDEX session_assistant_id ON session (assistant_id);
CREATE UNIQUE INDEX session_digest ON session (digest);
CREATE TABLE message (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    reply_to TEXT,
    citations TEXT NOT NULL,
    metadata TEXT NOT NULL,
    mode TEXT,
    confidence TEXT,
    engine TEXT,
    model TEXT,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    first_token_ms INTEGER,
    latency_ms INTEGER
);
CREATE INDEX message_project_id ON message (project_id);
CREATE INDEX message_session_id ON message (session_id);
CREATE UNIQUE INDEX message_session_id_seq ON message (session_id, seq);
CREATE TABLE collection (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    embedder TEXT NOT NULL,
    dimensions INTEGER NOT NULL,
    revision INTEGER NOT NULL
);
CREATE INDEX collection_project_id ON collection (project_id);
CREATE UNIQUE INDEX collection_id ON collection (id);
CREATE TABLE source (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    collection_id TEXT NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    metadata TEXT NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX source_project_id ON source (project_id);
CREATE INDEX source_collection_id ON source (collection_id);
CREATE TABLE document (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    collection_id TEXT NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    source_id TEXT NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    state TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    trouble_code TEXT NOT NULL,
    trouble TEXT NOT NULL,
    report TEXT NOT NULL,
    metadata TEXT NOT NULL,
    title TEXT NOT NULL,
    passages INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX document_project_id ON document (project_id);
CREATE INDEX document_collection_id ON document (collection_id);
CREATE INDEX document_source_id ON document (source_id);
CREATE INDEX document_digest ON document (digest);
CREATE TABLE passage (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    collection_id TEXT NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    document_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    digest TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    page INTEGER,
    heading TEXT,
    sheet TEXT,
    cells TEXT,
    vector BLOB NOT NULL,
    sentences TEXT NOT NULL,
    sentence_vectors BLOB NOT NULL
);
CREATE INDEX passage_project_id ON passage (project_id);
CREATE UNIQUE INDEX passage_document_id_position ON passage (document_id, position);
CREATE INDEX passage_collection_id_id ON passage (collection_id, id);
CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    progress REAL NOT NULL,
    step TEXT NOT NULL,
    trouble TEXT NOT NULL,
    cancel INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER
);
CREATE INDEX job_project_id ON job (project_id);
CREATE INDEX job_subject ON job (subject);
CREATE INDEX job_state_due_at ON job (state, due_at);
"""


def m001_initial() -> None:
    """The records of version 0.1.0."""
    for statement in _INITIAL.split(";\n"):
        if statement.strip():
            database.execute_sql(statement)
    database.execute_sql(
        "INSERT INTO project (id, name, created_at) VALUES (?, ?, ?)",
        (DEFAULT_PROJECT, "My office", clock.now()),
    )


_PROVIDERS = """
CREATE TABLE provider (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    base_url TEXT,
    api_version TEXT,
    models TEXT NOT NULL,
    sealed_key BLOB,
    key_hint TEXT,
    enabled INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE TABLE provider_permission (
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    provider_id TEXT NOT NULL REFERENCES provider (id) ON DELETE CASCADE,
    PRIMARY KEY (project_id, provider_id)
);
CREATE INDEX provider_permission_project_id ON provider_permission (project_id);
CREATE INDEX provider_permission_provider_id ON provider_permission (provider_id);
ALTER TABLE collection ADD COLUMN never_leaves_the_box INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN drawn_on TEXT;
"""


def m002_providers() -> None:
    """Models of other providers, and what must never be shown to them."""
    for statement in _PROVIDERS.split(";\n"):
        if statement.strip():
            database.execute_sql(statement)


_EMBEDDERS = """
CREATE TABLE embedding (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    passage_id INTEGER NOT NULL REFERENCES passage (id) ON DELETE CASCADE,
    embedder TEXT NOT NULL,
    vector BLOB NOT NULL,
    sentence_vectors BLOB NOT NULL
);
INSERT INTO embedding (created_at, project_id, passage_id, embedder, vector, sentence_vectors)
    SELECT p.created_at, p.project_id, p.id, c.embedder, p.vector, p.sentence_vectors
    FROM passage p JOIN collection c ON c.id = p.collection_id WHERE c.embedder != '';
CREATE INDEX embedding_project_id ON embedding (project_id);
CREATE UNIQUE INDEX embedding_passage_id_embedder ON embedding (passage_id, embedder);
CREATE TABLE embedder_change (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    comparison TEXT,
    trouble TEXT NOT NULL,
    automatic INTEGER NOT NULL,
    job_id TEXT NOT NULL,
    updated_at INTEGER NOT NULL
);
ALTER TABLE passage DROP COLUMN vector;
ALTER TABLE passage DROP COLUMN sentence_vectors;
ALTER TABLE collection DROP COLUMN embedder;
ALTER TABLE collection DROP COLUMN dimensions;
"""


def m003_embedders() -> None:
    """Vectors by the embedder that made them, so that one can be changed for another."""
    for statement in _EMBEDDERS.split(";\n"):
        if statement.strip():
            database.execute_sql(statement)


def m004_job_details() -> None:
    """What a job is to do beyond its subject, such as the place a model is taken in from."""
    database.execute_sql("ALTER TABLE job ADD COLUMN details TEXT NOT NULL DEFAULT '{}'")


MIGRATIONS: tuple[Callable[[], None], ...] = (
    m001_initial,
    m002_providers,
    m003_embedders,
    m004_job_details,
)


def migrate() -> int:
    """Bring the database to this version, each step in a transaction of its own.

    Returns how many steps were taken. Raises Broken when a newer version of the
    program has written it.
    """
    done = int(database.execute_sql("PRAGMA user_version").fetchone()[0])
    if done > len(MIGRATIONS):
        raise Broken("This data was written by a newer version of the program; install that one.")
    for number, step in enumerate(MIGRATIONS[done:], done + 1):
        with database.writing():
            step()
            database.execute_sql(f"PRAGMA user_version = {number}")
    return len(MIGRATIONS) - done
