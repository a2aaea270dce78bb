"""The raw model: the same bytes by bare libraries, with nothing of the app around them.

Laws:
  * Only json, zlib, hashlib, struct, sqlite3, cryptography and argon2; no import of the product.
  * It seals and opens the very format, but judges nothing: no rights, no directory, no feed, no
    quarantine. What it does in one loop is what the machine gives at most.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sqlite3
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HEADER = struct.Struct(">2sBBBBH16sQ32s8sI16s16sI32s32s")
HEADER_BYTES = 240
PAGE_ROW = struct.Struct(">QI")
PACKET_FLAG = 2
BATCHES_A_COMMIT = 64
NONCE = bytes(12)
_ROW = "INSERT OR REPLACE INTO records VALUES (?,?,?,?,?)"
_TABLES = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
CREATE TABLE batches(hash BLOB PRIMARY KEY, device BLOB, seq INTEGER, raw BLOB) WITHOUT ROWID;
CREATE TABLE records(id TEXT PRIMARY KEY, type TEXT, unit TEXT, stamp TEXT, body TEXT);
CREATE INDEX by_type ON records(type, stamp);
CREATE INDEX by_unit ON records(unit, stamp);
"""


class Keys(NamedTuple):
    """What the loop may look up: sender keys by kid, public keys by device, the dictionary."""

    senders: Mapping[bytes, bytes]
    authors: Mapping[bytes, bytes]
    dictionary: bytes


def seal(documents: Sequence[Any], size: int, author: Ed25519PrivateKey, keys: Keys) -> list[bytes]:
    """Encode and seal documents in batches of a size, one stream."""
    (sender,) = keys.senders.values()
    batches, prev = [], bytes(32)
    for start in range(0, len(documents), size):
        entries = [
            json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
            for document in documents[start : start + size]
        ]
        raw = _seal_one(entries, prev, start // size + 1, (author, sender, keys.dictionary))
        prev = hashlib.sha256(raw[:HEADER_BYTES]).digest()
        batches.append(raw)
    return batches


def _seal_one(
    entries: Sequence[bytes], prev: bytes, seq: int, with_: tuple[Ed25519PrivateKey, bytes, bytes]
) -> bytes:
    author, sender, dictionary = with_
    seed, salt = os.urandom(16), os.urandom(16)
    framed = b"".join(
        (
            struct.pack(f">H{len(entries)}I", len(entries), *map(len, entries)),
            *entries,
        )
    )
    packer = zlib.compressobj(6, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, dictionary)
    packed = packer.compress(framed) + packer.flush()
    plain = seed + struct.pack(">I", len(packed)) + packed
    facts = (b"SB", 1, 1, 1, 1, 1, bytes(16), seq, prev, bytes(8), 1, bytes(16), salt)
    sizes_and_roots = (len(plain) + 16, bytes(32), _root(entries, seed))
    head = HEADER.pack(*facts, *sizes_and_roots)
    sealed = ChaCha20Poly1305(_body_key(sender, salt)).encrypt(NONCE, plain, head)
    head = head[:112] + hashlib.sha256(sealed).digest() + head[144:]
    return head + author.sign(head) + sealed


def check_open_fold(
    batches: Iterable[bytes], keys: Keys, path: Path, known: Mapping[bytes, bytes] | None = None
) -> int:
    """Check, open and fold batches: last writer wins, one row a record, indexes; return rows."""
    state: dict[str, Any] = {}
    heads = dict(known or {})
    authors = {name: Ed25519PublicKey.from_public_bytes(key) for name, key in keys.authors.items()}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(_TABLES)
        page: list[bytes] = []
        for raw in batches:
            page.append(raw)
            if len(page) == BATCHES_A_COMMIT:
                _fold_page(connection, page, keys, (authors, heads, state))
                page.clear()
        _fold_page(connection, page, keys, (authors, heads, state))
    return len(state)


def _fold_page(
    connection: sqlite3.Connection,
    page: Sequence[bytes],
    keys: Keys,
    memory: tuple[dict[bytes, Ed25519PublicKey], dict[bytes, bytes], dict[str, Any]],
) -> None:
    authors, heads, state = memory
    rows, kept = [], []
    for raw in page:
        head, entries = check_and_open(raw, keys, authors, heads)
        kept.append((heads[head[6]], head[6], head[7], raw))
        for entry in entries:
            document = json.loads(entry)
            known = state.get(document["r"])
            if known is None or known < document["t"]:
                state[document["r"]] = document["t"]
                body = json.dumps(document["f"], ensure_ascii=False)
                rows.append((document["r"], document["y"], document["x"], document["t"], body))
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO batches VALUES (?,?,?,?)", kept)
    connection.executemany(_ROW, rows)
    connection.execute("COMMIT")


def check_and_open(
    raw: bytes,
    keys: Keys,
    authors: Mapping[bytes, Ed25519PublicKey],
    heads: dict[bytes, bytes],
) -> tuple[tuple[Any, ...], list[bytes]]:
    """Check structure, chain, body hash and signature; decrypt, inflate, prove the leaves."""
    head = HEADER.unpack_from(raw)
    at = HEADER_BYTES
    packet = b""
    if head[4] & PACKET_FLAG:
        length = int.from_bytes(raw[at : at + 2], "big")
        packet, at = raw[at + 2 : at + 2 + length], at + 2 + length
    sealed, device = raw[at:], head[6]
    digest = hashlib.sha256
    if digest(digest(packet).digest() + digest(sealed).digest()).digest() != head[14]:
        raise ValueError("body")
    if head[8] != heads.get(device, bytes(32)):
        raise ValueError("chain")
    authors[device].verify(raw[176:240], b"sync-batch-v1\0" + raw[:176])
    heads[device] = digest(raw[:HEADER_BYTES]).digest()
    aad = raw[:112] + bytes(32) + raw[144:176]
    key = _body_key(keys.senders[head[11]], head[12])
    plain = ChaCha20Poly1305(key).decrypt(NONCE, sealed, aad)
    return head, _entries(plain, head[15], keys.dictionary)


def heads_of(batches: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return the last hash of each author's stream."""
    return {raw[8:24]: hashlib.sha256(raw[:HEADER_BYTES]).digest() for raw in batches}


def split_page(page: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (position, batch) of a page of the raw server."""
    at = 0
    while at < len(page):
        position, length = PAGE_ROW.unpack_from(page, at)
        at += PAGE_ROW.size
        yield position, page[at : at + length]
        at += length


def _entries(plain: bytes, root: bytes, dictionary: bytes) -> list[bytes]:
    (length,) = struct.unpack_from(">I", plain, 16)
    framed = zlib.decompressobj(-15, dictionary).decompress(plain[20 : 20 + length])
    (count,) = struct.unpack_from(">H", framed)
    entries, start = [], 2 + 4 * count
    for size in struct.unpack_from(f">{count}I", framed, 2):
        entries.append(framed[start : start + size])
        start += size
    if _root(entries, plain[:16]) != root:
        raise ValueError("root")
    return entries


def _root(entries: Sequence[bytes], seed: bytes) -> bytes:
    digest = hashlib.sha256
    leaves = [
        digest(
            b"baraza-leaf-v1\0" + hmac.digest(seed, struct.pack(">I", at), "sha256")[:16] + entry
        ).digest()
        for at, entry in enumerate(entries)
    ]
    return digest(b"baraza-root-v1\0" + struct.pack(">H", len(leaves)) + b"".join(leaves)).digest()


def _body_key(sender: bytes, salt: bytes) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"baraza-body-v1\0")
    return kdf.derive(sender)


def deflated(entries: Sequence[bytes], size: int) -> float:
    """Return bytes a record of plain deflate, without dictionary, in groups of a size."""
    groups = (b"".join(entries[at : at + size]) for at in range(0, len(entries), size))
    return sum(len(zlib.compress(group, 6)) for group in groups) / len(entries)


def commit_seconds(path: Path, rows: Iterable[bytes]) -> list[float]:
    """Return how long each row takes to be on the disk, one durable commit a row."""
    found = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE saved(id INTEGER PRIMARY KEY, body BLOB)"
        )
        for row in rows:
            start = perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT OR REPLACE INTO saved VALUES (1, ?)", (row,))
            connection.execute("COMMIT")
            found.append(perf_counter() - start)
    return found


def open_rows(path: Path, key: bytes, count: int) -> None:
    """Read so many sealed cards from a database, open each, parse it and sort all."""
    aead = ChaCha20Poly1305(key)
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT id, body FROM cards")
        found = [json.loads(aead.decrypt(body[:12], body[12:], b"")) for _, body in rows]
    found.sort(key=lambda card: -card["m"])
    if len(found) != count:
        raise ValueError("cards")


def make_rows(path: Path, key: bytes, cards: Sequence[bytes]) -> None:
    """Write sealed cards for `open_rows`."""
    aead = ChaCha20Poly1305(key)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE cards(id INTEGER PRIMARY KEY, body BLOB)")
        for card in cards:
            nonce = os.urandom(12)
            connection.execute(
                "INSERT INTO cards(body) VALUES (?)", (nonce + aead.encrypt(nonce, card, b""),)
            )


def parse_page(cards: Sequence[bytes], offset: int, size: int) -> list[Any]:
    """Parse the cards of one page."""
    return [json.loads(card) for card in cards[offset : offset + size]]


def find_words(texts: Sequence[str], words: Sequence[str]) -> int:
    """Count the texts in which every word occurs, as a bare scan does."""
    return sum(1 for text in texts if all(word in text for word in words))
