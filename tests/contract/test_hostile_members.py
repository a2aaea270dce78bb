"""What a known device may sign and send: extremes of every number, and JSON that was never meant.

A stranger's bytes end at the signature (``test_strangers.py``); these do not.
"""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
import requests

from fieldapp.crypto.sealing import BatchPlan, seal_plain
from fieldapp.protocol.batch import Batch, Kind, StreamPoint
from fieldapp.protocol.error_codes import error_codes
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import InviteId, Kid
from fieldapp.protocol.invites import upload_signing_bytes
from fieldapp.protocol.media import CODE_HEADER, TICKET_HEADER, Deed, Ticket, chunk_id
from fieldapp.protocol.message_parts import UNKNOWN_LOG, Cursor, Hello
from fieldapp.protocol.messages import SyncAnswer, SyncRequest, encode_request, parse_answer
from fieldapp.protocol.roles import Role
from fieldapp.protocol.service import CONTENT_TYPE, SYNC_PATH
from tests.contract.conftest import REAL, Place
from tests.contract.test_authority import order
from tests.support.authors import Device, author, deposit, opened_receipt
from tests.support.organisation import MKOMANI, NOON_MS, Organisation

pytestmark = pytest.mark.parametrize("kind", REAL)

CODES = frozenset(row.name for row in error_codes())
U16, U32, U64 = (1 << 16) - 1, (1 << 32) - 1, (1 << 64) - 1
SIGNED_END = 1 << 63
BEYOND = (SIGNED_END, U64)
PLAIN_KINDS = (Kind.DIRECTORY, Kind.ERASE, Kind.GRANT, Kind.OFFICE_KEYS)
METHODS = {Deed.PUT: "PUT", Deed.ASK: "HEAD", Deed.GET: "GET"}
TOKEN = b"a token of 16 b."


def send(place: Place, request: SyncRequest) -> SyncAnswer:
    """Send a request that has to be answered as any other."""
    found = requests.post(
        place.url + SYNC_PATH,
        data=encode_request(request),
        headers={"Content-Type": CONTENT_TYPE},
        timeout=30,
    )
    assert found.status_code == 200, found.text
    answer = parse_answer(found.content)
    assert {row.code for row in answer.refused} <= CODES
    return answer


def still_serves(place: Place, organisation: Organisation) -> None:
    """An honest device delivers and another one reads it."""
    batch = author(organisation, "dalila").batch()
    assert not deposit(place.service, batch).refused
    read = [
        item.batch
        for answer in Device(organisation["chebet"]).pull(place.service)
        for item in answer.items
    ]
    assert read.count(batch.raw) == 1


def test_a_cursor_beyond_every_number_is_answered(place: Place, organisation: Organisation) -> None:
    device = Device(organisation["chebet"])
    device.pull(place.service)
    head = device.cursor.position
    for log_id, position in product((device.log_id, UNKNOWN_LOG), (SIGNED_END - 1, *BEYOND)):
        device.cursor = Cursor(position, bytes(len(device.cursor.digest)))
        device.log_id = log_id
        assert send(place, device.request()).cursor.position == head
    still_serves(place, organisation)


def test_a_hello_of_extremes_is_answered(place: Place, organisation: Organisation) -> None:
    member = organisation["dalila"]
    extremes: list[dict[str, Any]] = [
        *({"time_ms": time_ms} for time_ms in (0, U64)),
        *({"byte_budget": budget} for budget in (0, U32)),
        *({"protocol": protocol} for protocol in (0, U16)),
        {"log_id": b"\xff" * 16},
    ]
    for changed in extremes:
        hello: Hello = replace(Device(member).hello(), signature=b"", **changed)
        hello = replace(hello, signature=member.keys.sign(hello.signing_bytes()))
        send(place, SyncRequest(hello=hello))
    still_serves(place, organisation)


def test_a_receipt_of_extremes_is_answered_and_read(
    place: Place, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    deposit(place.service, batch)
    chebet = organisation["chebet"]
    for seq, time_ms in ((0, 0), (SIGNED_END, NOON_MS), (U64, U64)):
        receipt = replace(opened_receipt(chebet, batch), seq=seq, time_ms=time_ms, signature=b"")
        receipt = replace(receipt, signature=chebet.keys.sign(receipt.signing_bytes()))
        send(place, Device(chebet).request(receipts=[receipt]))
    answers = Device(organisation["dalila"]).pull(place.service)
    assert [row.seq for answer in answers for row in answer.receipts] in ([], [batch.header.seq])


def plain(
    organisation: Organisation, kind: Kind, payload: bytes, *, seq: int = 1, version: int = 1
) -> Batch:
    """A signed batch of a plain kind, whatever it holds."""
    chebet = organisation["chebet"]
    plan = BatchPlan(
        kind=kind,
        seq=seq,
        prev=ZERO_HASH if seq & 0xFFFF_FFFF_FFFF == 1 else b"\x01" * 32,
        channel=chebet.channel,
        directory_version=version,
        kid=Kid(b"\x02" * 16) if kind is Kind.ERASE else Kid(bytes(16)),
    )
    return seal_plain(payload, keys=chebet.keys, plan=plan)


def test_a_batch_at_the_end_of_every_number_is_answered(
    place: Place, organisation: Organisation
) -> None:
    seqs = (2, SIGNED_END - 1, SIGNED_END + 1, U64)
    for batch_kind, seq, version in product(PLAIN_KINDS, seqs, (0, U32)):
        batch = plain(organisation, batch_kind, b"[]", seq=seq, version=version)
        answer = send(place, SyncRequest(batches=(batch.raw,)))
        assert len(answer.stored) + len(answer.refused) == 1
    still_serves(place, organisation)


STATEMENT = {"k": "invite", "id": "00" * 8, "key": "A" * 43 + "=", "unit": "KE", "desk": "admin"}
HOSTILE_JSON = [
    b"",
    b"\xff\xfe",
    b"null",
    b"{}",
    b"[]",
    b"[null]",
    b"[[]]",
    b"[" * 100_000,
    b"[" + b"1" * 10_000 + b"]",
    b"[1e999]",
    b"[NaN]",
    b'[{"k":"\\ud800"}]',
    b'[{"k":"\\u0000"}]',
    b'[{"k":"invite","k":"invite"}]',
    b'[{"k":["invite"]}]',
    b'[{"k":true}]',
    *(
        json.dumps([{**STATEMENT, **changed}]).encode()
        for changed in (
            {"role": "chief", "expires_ms": -1},
            {"role": "chief", "expires_ms": 10**39},
            {"role": "chief", "expires_ms": 1.5},
            {"role": "chief", "expires_ms": True},
            {"role": "chief\0", "expires_ms": 1},
            {"role": {"a": []}, "expires_ms": 1},
            {"role": "chief", "expires_ms": 1, "unit": "KE-\0"},
            {"role": "chief", "expires_ms": 1, "unit": "KE-" * 4_000},
            {"role": "chief", "expires_ms": 1, "key": "====", "id": "zz"},
            {"k": "device", "certificate": None},
            {"k": "claim", "invite": "00" * 8, "ed": "", "x": "", "created_ms": U64, "sig": "A"},
            {"k": "revoke", "device": "00" * 16, "cuts": [[[[]]]]},
            {"k": "office", "unit": "KE", "desk": "admin", "epochs": [{}]},
            {"k": "adopt", "batches": [1, None]},
            {"k": "root", "doc": "!!", "sigs": {}},
        )
    ),
]


def test_a_payload_that_was_never_meant_changes_nothing(
    place: Place, organisation: Organisation
) -> None:
    chebet = organisation["chebet"]
    head = organisation.heads[chebet.device, chebet.channel]
    for payload in HOSTILE_JSON:
        said = organisation.draft(chebet, payload=payload, after=head)
        order_or_grant = [plain(organisation, one, payload) for one in (Kind.ERASE, Kind.GRANT)]
        batches = tuple(batch.raw for batch in (said, *order_or_grant))
        answer = send(place, SyncRequest(batches=batches))
        assert len(answer.stored) + len(answer.refused) == len(batches)
        assert {row.header_hash for row in answer.stored} <= {said.hash}
        # A statement that says nothing well is kept and void, as the directory judges its own.
        head = (said.header.seq, said.hash) if answer.stored else head
    still_serves(place, organisation)


def test_an_order_about_a_number_beyond_all_is_answered(
    place: Place, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    deposit(place.service, batch)
    point = batch.point
    for seq in (0, SIGNED_END, U64):
        far = StreamPoint(point.device, point.channel, seq, point.hash)
        made = order(organisation, organisation["chebet"], far, batch.header.kid)
        answer = send(place, SyncRequest(batches=(made.raw,)))
        assert len(answer.refused) + len(answer.stored) == 1


def test_an_invite_that_never_ends_is_kept_like_any_other(
    place: Place, organisation: Organisation
) -> None:
    for expires_ms in (SIGNED_END - 1, *BEYOND):
        statement = organisation.invite_statement(
            MKOMANI, Role.ASSISTANT_CHIEF, expires_ms=expires_ms
        )
        deposit(place.service, organisation.issue(organisation["chebet"], statement))
        invite: InviteId = statement.invite
        key = organisation.invites[invite].key
        packet = b"packet" + key.sign(upload_signing_bytes(invite, TOKEN, b"packet"))
        place.service.put_invite(invite, TOKEN, packet)
        assert place.service.get_invite(invite, TOKEN) == packet


def test_a_ticket_of_extremes_is_refused_by_name(place: Place, organisation: Organisation) -> None:
    member = organisation["dalila"]
    places = ((0, 0), (U32, 0), (1, U32), (U32, U32), (65_537, 0))
    for deed, time_ms, (size, offset) in product(METHODS, (0, NOON_MS, U64), places):
        ticket = Ticket(
            device=member.device,
            time_ms=time_ms,
            deed=deed,
            chunk=chunk_id(b"chunk"),
            batch=bytes(32),
            size=size,
            offset=offset,
        )
        raw = replace(ticket, signature=member.keys.sign(ticket.signing_bytes())).to_bytes()
        found = requests.request(
            METHODS[deed],
            f"{place.url}/v1/media/{ticket.chunk.hex()}",
            headers={TICKET_HEADER: raw.hex()},
            data=b"chunk" if deed is Deed.PUT else None,
            timeout=30,
        )
        assert 400 <= found.status_code < 500
        assert found.headers[CODE_HEADER] in CODES
