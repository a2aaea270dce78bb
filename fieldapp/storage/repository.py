"""What every repository of one transaction shares: the connection, and a cipher where needed."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, CursorResult, Executable, Row

from fieldapp.storage.cipher import RowCipher, row_aad

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnyResult: TypeAlias = CursorResult[*tuple[Any, ...]]


class Repository:
    """Statements on the connection of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _run(
        self,
        statement: Executable,
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> AnyResult:
        return self._connection.execute(statement, values)


class Sealed(Repository):
    """A repository whose values go through a cipher."""

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        super().__init__(connection)
        self._cipher = cipher

    def _seal(self, plaintext: bytes, place: str, *key: bytes) -> bytes:
        return self._cipher.seal(plaintext, row_aad(place, *key))

    def _open(self, blob: bytes, place: str, *key: bytes) -> bytes:
        return self._cipher.open(blob, row_aad(place, *key))
