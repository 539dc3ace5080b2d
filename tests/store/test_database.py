import re
import threading

import pytest
from peewee import IntegrityError

from appliance.base.errors import Broken, NotFound
from appliance.store import assistants, documents, embedders, jobs, projects, providers
from appliance.store.database import PRAGMAS, Database, database
from appliance.store.jobs import Job
from appliance.store.migrations import MIGRATIONS, migrate
from appliance.store.projects import DEFAULT_PROJECT, Project
from appliance.store.record import Record, Unscoped

RECORDS = [
    thing
    for module in (projects, assistants, documents, embedders, jobs, providers)
    for thing in vars(module).values()
    if isinstance(thing, type) and issubclass(thing, Record) and thing.__module__ == module.__name__
]


def put(project_id: str = DEFAULT_PROJECT) -> Job:
    return Job.create(project_id=project_id, kind="ingest", subject="doc_1")


@pytest.mark.usefixtures("store")
class TestScope:
    @pytest.mark.parametrize(
        "query",
        [
            lambda: list(Job.select()),
            lambda: Job.select().count(),
            lambda: Job.select().exists(),
            lambda: Job.get_or_none(Job.id == "job_1"),
            lambda: Job.update(step="x").execute(),
            lambda: Job.delete().where(Job.id == "job_1").execute(),
            lambda: list(Job.select().where((Job.project_id == "a") | (Job.id == "b"))),
            lambda: list(Job.select().where(Job.project_id != "a")),
        ],
    )
    def test_a_query_without_a_project_raises(self, query):
        with pytest.raises(Unscoped):
            query()

    def test_a_foreign_row_answers_like_an_absent_one(self):
        Project.create(id="prj_other", name="Other")
        foreign = put("prj_other")

        with pytest.raises(NotFound) as of_foreign:
            Job.find(DEFAULT_PROJECT, foreign.id)
        with pytest.raises(NotFound) as of_absent:
            Job.find(DEFAULT_PROJECT, "job_absent")
        assert of_foreign.value.message == of_absent.value.message

    def test_a_row_moved_to_another_project_in_memory_is_not_saved(self):
        job = put()
        job.project_id = "prj_other"
        job.step = "moved"
        assert job.save() == 0
        assert Job.find(DEFAULT_PROJECT, job.id).step == ""

    def test_a_project_that_does_not_exist_takes_no_rows(self):
        with pytest.raises(IntegrityError):
            put("prj_absent")

    def test_deleting_a_project_deletes_its_rows(self):
        Project.create(id="prj_other", name="Other")
        put("prj_other")
        Project.delete_by_id("prj_other")
        assert Job.of("prj_other").count() == 0


def test_the_promised_pragmas_hold_in_every_thread(store):
    found: list[dict[str, object]] = []

    def look() -> None:
        with database.connection_context():
            found.append(
                {name: database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
            )

    look_elsewhere = threading.Thread(target=look)
    look_elsewhere.start()
    look_elsewhere.join()
    assert found == [PRAGMAS]


def test_another_key_does_not_open_the_database(tmp_path):
    first = Database()
    first.unlock(tmp_path / "a.db", bytes(32))
    first.execute_sql("CREATE TABLE t (x)")
    first.close()

    with pytest.raises(Broken, match="does not open"):
        Database().unlock(tmp_path / "a.db", b"x" * 32)


def test_nothing_readable_is_on_the_disk(store, tmp_path):
    put()
    database.checkpoint()
    for path in tmp_path.rglob("*.db*"):
        assert b"SQLite format" not in path.read_bytes()
        assert b"ingest" not in path.read_bytes()


def test_vectors_of_the_first_version_are_taken_along(tmp_path):
    database.unlock(tmp_path / "old.db", bytes(32))
    try:
        for step in MIGRATIONS[:2]:
            step()
        database.execute_sql("PRAGMA user_version = 2")
        told = {"project_id": DEFAULT_PROJECT, "created_at": 1, "name": "a"}
        rows = {
            "collection": {**told, "id": "col_1", "embedder": "e-1", "dimensions": 1,
                           "revision": 1},
            "source": {**told, "id": "src_1", "collection_id": "col_1", "type": "file",
                       "metadata": "{}", "updated_at": 1},
            "document": {**told, "id": "doc_1", "collection_id": "col_1", "source_id": "src_1",
                         "digest": "d", "size": 1, "media_type": "", "state": "ready",
                         "enabled": 1, "trouble_code": "", "trouble": "", "report": "{}",
                         "metadata": "{}", "title": "", "passages": 1, "updated_at": 1},
            "passage": {"project_id": DEFAULT_PROJECT, "created_at": 1, "id": 7,
                        "collection_id": "col_1", "document_id": "doc_1", "position": 0,
                        "kind": "text", "text": "a", "digest": "d", "tokens": 1,
                        "vector": b"vec!", "sentences": "[]", "sentence_vectors": b"s"},
        }  # fmt: skip
        for table, row in rows.items():
            marks = ", ".join("?" * len(row))
            database.execute_sql(
                f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})",  # noqa: S608
                tuple(row.values()),
            )
        migrate()
        (found,) = embedders.Embedding.of(DEFAULT_PROJECT)
        assert (found.passage_id, found.embedder) == (7, "e-1")
        assert (bytes(found.vector), bytes(found.sentence_vectors)) == (b"vec!", b"s")
        assert documents.Passage.find(DEFAULT_PROJECT, 7).text == "a"
    finally:
        database.close()


@pytest.mark.usefixtures("store")
class TestMigrations:
    def test_they_are_done_once(self):
        assert migrate() == 0

    def test_data_of_a_newer_program_is_refused(self):
        database.execute_sql(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        with pytest.raises(Broken, match="newer version"):
            migrate()

    @pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
    def test_they_lead_to_what_the_records_declare(self, record):
        table = record._meta.table_name
        found = {
            (column.name, column.data_type, column.null, column.primary_key)
            for column in database.get_columns(table)
        }
        keys = {field.name for field in record._meta.get_primary_keys()}
        declared = {
            (
                field.column_name,
                field.ddl_datatype(database.get_sql_context()).sql.split()[0],
                field.null,
                field.name in keys,
            )
            for field in record._meta.sorted_fields
        }
        assert found == declared

    @pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
    def test_every_declared_index_is_there(self, record):
        wanted = {
            re.sub(r'"', "", index.query()[0]).split(" ON ")[1]
            for index in record._schema._create_indexes(safe=False)
        }
        rows = database.execute_sql(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        )
        assert wanted <= {row[0].split(" ON ")[1] for row in rows}
