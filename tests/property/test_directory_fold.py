"""The directory's fold: one history, one directory, in whatever order the batches came."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.crypto.signing import verify
from fieldapp.protocol.causes import Cause
from fieldapp.protocol.certificates import State
from fieldapp.protocol.channels import Desk
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.roles import Role
from fieldapp.protocol.statements import AdoptStatement, RevokeStatement, Statement
from tests.support.organisation import (
    DAY_MS,
    KE,
    LAMU,
    LAMU_EAST,
    LAMU_WEST,
    MKOMANI,
    NOON_MS,
    VILLAGE,
    Member,
    Organisation,
    small_organisation,
)

UNITS = (KE, LAMU, LAMU_WEST, LAMU_EAST, MKOMANI, VILLAGE)
NAMES = ("gakii", "hamisi", "imani", "juma")
ROLES = (Role.CHIEF, Role.DCC_ADMIN, Role.COUNTY_DESK)


def seen(directory: Directory) -> tuple[object, ...]:
    """All that a directory says, in an order of its own."""
    return (
        directory.version,
        directory.root,
        sorted(map(repr, directory.certificates())),
        sorted(map(repr, (directory.office(*ref) for ref in directory.offices()))),
        directory.voided,
        sorted(map(repr, directory.waiting)),
        directory.alarms,
        directory.heads.all_at(directory.version),
    )


class Storyteller:
    """Draws one event after another; most are honest, many are not."""

    def __init__(self, org: Organisation, data: st.DataObject) -> None:
        self.org = org
        self.data = data

    def tell(self) -> None:
        """Let one thing happen."""
        event = self.data.draw(
            st.sampled_from(
                (self.say, self.say, self.claim, self.revoke, self.revoke, self.adopt, self.lose)
            )
        )
        event()

    def anyone(self) -> Member:
        return self.data.draw(
            st.sampled_from(sorted(self.org.members.values(), key=lambda m: m.name))
        )

    def say(self) -> None:
        self.org.issue(
            self.anyone(), *(self.statement() for _ in range(self.data.draw(st.integers(1, 2))))
        )

    def statement(self) -> Statement:
        draw, org = self.data.draw, self.org
        unit = draw(st.sampled_from(UNITS))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            return org.office_statement(unit, draw(st.sampled_from((Desk.ADMIN, Desk.GENDER))))
        if kind == 1:
            return org.invite_statement(
                unit, draw(st.sampled_from((Role.CHIEF, Role.DCC_ADMIN, Role.COUNTY_DESK)))
            )
        member = self.anyone()
        if kind == 2:
            return member.certificate(confirmed=draw(st.booleans()))
        return replace(
            member.certificate(), unit=unit, after=(org.cut(member, self.number(member)),)
        )

    def number(self, member: Member) -> int:
        said = sum(
            1
            for _, batch in self.org.log
            if (batch.header.device, batch.header.channel) == (member.device, member.channel)
        )
        return self.data.draw(st.integers(0, said))

    def claim(self) -> None:
        org, draw = self.org, self.data.draw
        fresh = [name for name in NAMES if name not in org.members]
        if fresh:
            invite = draw(st.sampled_from(sorted(org.invites)))
            org.claim(fresh[0], invite, NOON_MS + draw(st.integers(0, 9)) * DAY_MS)

    def revoke(self) -> None:
        member = self.anyone()
        cut = self.org.cut(member, self.number(member))
        self.org.issue(self.anyone(), RevokeStatement(member.device, (cut,), Cause.LOST))

    def adopt(self) -> None:
        _, batch = self.data.draw(st.sampled_from(self.org.log))
        self.org.issue(self.anyone(), AdoptStatement(batch.hash))

    def lose(self) -> None:
        """A batch goes missing and comes after the next one."""
        speaker = self.anyone()
        late = self.org.take(self.org.draft(speaker, self.statement()))
        self.org.issue(speaker, self.statement())
        self.org.log.append((self.org.position + 1, late))
        self.org.directory.apply(*self.org.log[-1], verify)


def drawn_history(data: st.DataObject, most: int = 14) -> Organisation:
    org = small_organisation()
    teller = Storyteller(org, data)
    for _ in range(data.draw(st.integers(1, most))):
        teller.tell()
    return org


@settings(max_examples=150)
@given(st.data())
def test_folding_one_by_one_ends_where_folding_at_once_ends(data: st.DataObject) -> None:
    org = drawn_history(data)
    assert seen(org.directory) == seen(org.refolded())


@settings(max_examples=60)
@given(st.data())
def test_any_order_of_arrival_ends_in_the_same_directory(data: st.DataObject) -> None:
    org = drawn_history(data, 8)
    replica = Directory()
    for position, batch in data.draw(st.permutations(org.log)):
        replica.apply(position, batch, verify)
    assert seen(replica) == seen(org.directory)


@settings(max_examples=60)
@given(st.data())
def test_what_was_told_twice_or_before_it_was_placed_changes_nothing(data: st.DataObject) -> None:
    org = drawn_history(data, 8)
    replica = Directory()
    carried = data.draw(st.lists(st.sampled_from(org.log), max_size=6))
    for _, batch in carried:
        replica.apply(None, batch, verify)
    replica.apply_all(org.log, verify)
    replica.apply_all(carried, verify)
    assert seen(replica) == seen(org.directory)


@settings(max_examples=60)
@given(st.data())
def test_nothing_trusted_hangs_on_nothing(data: st.DataObject) -> None:
    directory = drawn_history(data).directory
    for certificate in directory.certificates():
        depth = certificate.depth
        issuer = certificate.issuer
        while issuer is not None:
            above = directory.device(issuer)
            assert above is not None
            assert above.granted or above.state is State.CONTESTED
            assert above.depth < depth
            depth, issuer = above.depth, above.issuer
        assert depth == 1


@settings(max_examples=60)
@given(st.data())
def test_no_admin_ever_becomes_a_reader_of_a_desk(data: st.DataObject) -> None:
    org = drawn_history(data)
    admins = {org[name].device for name in ("amina", "brian", "chebet", "dalila")}
    for ref in org.directory.offices():
        if ref.desk == Desk.GENDER:
            members = {member.device for member in org.directory.members(ref)}
            assert not members & admins
