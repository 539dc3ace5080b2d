"""What every record has, and the rule that tenant rows are only met through their project."""

from __future__ import annotations

import json
from typing import Any, Self

from peewee import (
    Expression,
    Field,
    IntegerField,
    Model,
    ModelDelete,
    ModelSelect,
    ModelUpdate,
    TextField,
)

from appliance.base import clock
from appliance.base.errors import NotFound
from appliance.store.database import database


class JsonField(TextField):
    """A JSON value in a text column."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


class Record(Model):
    """A row of the database."""

    created_at = IntegerField(default=clock.now)  # milliseconds, UTC

    class Meta:
        database = database
        legacy_table_names = False


class Unscoped(Exception):
    """A query on tenant rows that names no project: a defect in the program."""


class _Scoped:
    """Mixed into peewee's queries on tenant records: refuses to run without a project."""

    model: type[TenantRecord]
    _where: Any
    across_projects = False

    def __sql__(self, ctx: Any) -> Any:
        # Here and not at execution: count(), exists() and sub-queries pass this way too.
        if not self.across_projects and not _names_project(self._where):
            raise Unscoped(f"{self.model.__name__}: no project in the query's conditions")
        return super().__sql__(ctx)  # type: ignore[misc]


class _Select(_Scoped, ModelSelect):
    pass


class _Update(_Scoped, ModelUpdate):
    pass


class _Delete(_Scoped, ModelDelete):
    pass


def _names_project(condition: Any) -> bool:
    """Whether a condition fixes a project: `project_id = x`, joined to the rest by AND."""
    if not isinstance(condition, Expression):
        return False
    if condition.op == "AND":
        return _names_project(condition.lhs) or _names_project(condition.rhs)
    return (
        condition.op == "="
        and isinstance(condition.lhs, Field)
        and condition.lhs.name == "project_id"
    )


class TenantRecord(Record):
    """A row that belongs to one project, and is met only through it.

    `Document.of(project_id)` starts every query. One without a project raises
    Unscoped when it runs; `across_projects` is for the worker and for upkeep.
    """

    project_id = TextField(index=True)

    @classmethod
    def of(cls, project_id: str) -> ModelSelect:
        """The project's rows."""
        return cls.select().where(cls.project_id == project_id)

    @classmethod
    def find(cls, project_id: str, id: str | int, what: str | None = None) -> Self:
        """The project's row with this id. Raises NotFound, for a foreign row too."""
        row = cls.of(project_id).where(cls.id == id).first()
        if row is None:
            raise NotFound(what or cls.__name__.lower())
        return row

    @classmethod
    def across_projects(cls, *columns: Any) -> ModelSelect:
        """Rows of every project. Never on behalf of a caller from outside."""
        query = cls.select(*columns)
        query.across_projects = True
        return query

    @classmethod
    def select(cls, *columns: Any) -> ModelSelect:
        return _Select(cls, columns or cls._meta.sorted_fields, is_default=not columns)

    @classmethod
    def update(cls, __data: Any = None, **changes: Any) -> ModelUpdate:
        return _Update(cls, cls._normalize_data(__data, changes))

    @classmethod
    def delete(cls) -> ModelDelete:
        return _Delete(cls)

    def _pk_expr(self) -> Any:
        # What save() and delete_instance() put in their WHERE.
        return super()._pk_expr() & (type(self).project_id == self.project_id)
