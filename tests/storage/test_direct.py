"""Single statements over connections of our own: the same rows as the driver's, and what happens when a line breaks."""

from __future__ import annotations

import asyncio
import gc
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from neo4j import AsyncGraphDatabase

from registry.errors import DeadlineExceeded, StoreFault, StoreSignInRefused, StoreUnavailable, WriteContended
from registry.storage.address import StoreAddress
from registry.storage.bolt.direct import messages
from registry.storage.bolt.direct.connection import Connection, peer_of
from registry.storage.bolt.direct.messages import Cutter
from registry.storage.bolt.direct.pool import ANSWER_SECONDS, DirectStatements
from registry.storage.bolt.driver import Database, StoreLimits
from registry.storage.bolt.migrate import Purpose, migrate
from registry.storage.bolt.named_queries import NamedQuery
from registry.storage.bolt.single import RoutedStatements
from tests.conftest import empty
from tests.storage.faulty import Proxy, Spoil, proxy_to, until
from tests.storage.statements import STATEMENTS, constrain

KINDS_OF_VALUES = NamedQuery(
    name="kinds of values",
    text="""
    UNWIND [1, 2] AS row
    RETURN row, null AS nothing, true AS yes, false AS no, 0 AS zero, -1 AS less, 127 AS tiny, -129 AS small,
           9223372036854775807 AS most, -9223372036854775808 AS least, 0.5 AS half, 1.0e300 AS large,
           '' AS empty, 'Ωmega 🜁' AS text, $long AS long, [] AS none, [1, 2, 3] AS whole, ['a', 'ß'] AS texts,
           [[1], [], [2, 3]] AS nested, {a: 1, b: {c: ['x', null]}} AS map, [null, 'a'] AS holes
    """,
    parameters={"long": "string"},
    writes=False,
    one=False,
)
BROKEN = NamedQuery(name="broken", text="RETURN 1 +", parameters={}, writes=False, one=True)
LATE = NamedQuery(
    name="late", text="UNWIND [1, 1, 1, 0] AS x RETURN 1 / x AS y", parameters={}, writes=False, one=False
)


ALWAYS: Final = -1.0
"""Quiet seconds after which a connection is tried first: at each call."""


def direct(
    address: StoreAddress, *, most: int = 5, quiet_seconds: float = 30.0, lasting_seconds: float = 3600.0
) -> DirectStatements:
    """Connections of our own."""
    peer = peer_of(address.uri)
    assert peer is not None
    return DirectStatements(
        peer, address, most=most, connect_seconds=5.0, quiet_seconds=quiet_seconds, lasting_seconds=lasting_seconds
    )


def failure(code: str) -> bytes:
    """What a server sends that refuses a statement."""
    return messages._message(0x7F, {"code": code, "message": "quoted"})


def once(proxy: Proxy, said: bytes) -> Spoil:
    """Put something into the place of the engine's next piece."""

    def spoil(data: bytes) -> bytes:
        proxy.spoil = None
        return said

    return spoil


# --- bytes ---


@given(
    sizes=st.lists(st.integers(0, 200_000), min_size=1, max_size=4),
    cuts=st.lists(st.integers(1, 70_000), min_size=1, max_size=8),
    noise=st.booleans(),
)
def test_messages_are_cut_out_of_pieces_of_any_size(sizes: list[int], cuts: list[int], noise: bool) -> None:
    """Whatever the pieces, and with signs of life between the messages: the same messages, whole and in order."""
    values = [{"text": "x" * size} for size in sizes]
    sign = b"\x00\x00" if noise else b""
    stream = b"".join(sign + messages._message(0x70, value) for value in values)
    cutter, found, at, turn = Cutter(), [], 0, 0
    while at < len(stream):
        piece = stream[at : at + cuts[turn % len(cuts)]]
        found += cutter.feed(piece)
        at, turn = at + len(piece), turn + 1

    assert [messages.content(message) for message in found] == values


def test_a_failure_is_told_by_its_code_in_either_dress() -> None:
    """Before Bolt 5.7 the code stands under one name, since then under another; nothing else is taken over."""
    assert messages.code_of({"code": "Neo.A.B.C", "message": "quoted"}) == "Neo.A.B.C"
    assert messages.code_of({"neo4j_code": "Neo.A.B.C", "gql_status": "22N00", "message": "quoted"}) == "Neo.A.B.C"
    assert messages.code_of(None) == "no code"


@pytest.mark.parametrize(
    ("uri", "host", "port", "secret"),
    [
        ("bolt://db.example", "db.example", 7687, None),
        ("bolt://[::1]:17687", "::1", 17687, None),
        ("bolt+s://db.example:1", "db.example", 1, ssl.CERT_REQUIRED),
        ("bolt+ssc://db.example:1", "db.example", 1, ssl.CERT_NONE),
    ],
)
def test_an_address_names_a_server(uri: str, host: str, port: int, secret: ssl.VerifyMode | None) -> None:
    """Host, port and whether a certificate is asked for."""
    peer = peer_of(uri)

    assert peer is not None
    assert (peer.host, peer.port) == (host, port)
    assert (peer.secret and peer.secret.verify_mode) == secret


@pytest.mark.parametrize(
    "uri",
    ["neo4j://db.example", "neo4j+s://db.example", "http://db.example", "bolt://", "bolt://db:x", "bolt://db:99999"],
)
def test_other_addresses_are_the_drivers(uri: str) -> None:
    """A cluster's members are found by the driver, which also says what is wrong with an address that is none."""
    assert peer_of(uri) is None


# --- rows ---


async def test_rows_are_the_drivers(things: Database) -> None:
    """Every kind of value that a statement of ours returns, in several rows, with an argument of several chunks."""
    address, values = things.address, {"long": "é" * 150_000}
    ours = direct(address)
    async with AsyncGraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        theirs = RoutedStatements(driver, address.database)
        expected = await theirs.run(KINDS_OF_VALUES, values, seconds=10)

        assert await ours.run(KINDS_OF_VALUES, values, seconds=10) == expected
        assert len(expected) == 2
    await ours.close()


async def test_a_tuple_is_a_list(things: Database) -> None:
    """In a read as in a unit of work, which the driver sends."""
    value = {"key": "a", "value": ("x", "y")}
    await things.put(STATEMENTS["put"], value)
    direct_row = await things.read_one(STATEMENTS["get"], {"key": "a"})
    await things.execute(STATEMENTS["put"], value)

    assert direct_row == await things.read_one(STATEMENTS["get"], {"key": "a"}) == {"value": ["x", "y"]}


async def test_a_cluster_is_asked_through_the_driver(things: Database) -> None:
    """The driver's way writes and reads what ours does."""
    address = things.address
    async with AsyncGraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        routed = RoutedStatements(driver, address.database)
        await routed.run(STATEMENTS["add"], {"key": "a"}, seconds=10)

        assert await routed.run(STATEMENTS["keys"], {}, seconds=10) == [{"keys": ["a"]}]
        assert await things.read(STATEMENTS["keys"]) == [{"keys": ["a"]}]


@pytest.mark.parametrize("store_address", ["neo4j"], indirect=True)
async def test_a_routed_address_works(store_address: StoreAddress) -> None:
    """Routing against a single server: the same calls, by the driver's way."""
    routed = replace(store_address, uri=store_address.uri.replace("bolt://", "neo4j://"))
    async with Database(routed) as database:
        assert await database.read(KINDS_OF_VALUES, {"long": ""})
        await database.health()


# --- connections ---


async def test_a_connection_is_used_again_after_a_refusal(things: Database) -> None:
    """A statement that is refused, at once or amid its rows, leaves nothing behind that the next answer could meet."""
    async with proxy_to(things.address) as proxy, Database(proxy.address) as database:
        for query in (BROKEN, LATE, BROKEN):
            with pytest.raises(StoreFault):
                await database.read(query)
            assert await database.read(STATEMENTS["keys"]) == [{"keys": []}]

        assert proxy.opened == 1


async def test_no_more_connections_than_allowed(things: Database) -> None:
    """Forty calls over three connections: each waits for its turn, and all are answered."""
    async with proxy_to(things.address) as proxy:
        async with Database(proxy.address, StoreLimits(connections=3)) as database:
            answers = await asyncio.gather(*(database.read(STATEMENTS["keys"]) for _ in range(40)))

        assert answers == [[{"keys": []}]] * 40
        assert proxy.opened == proxy.most_at_once == 3


async def test_a_cut_line_is_tried_again_over_another(things: Database) -> None:
    """Connections that died in the pool, and one that dies amid an answer, cost an attempt and no answer."""
    async with proxy_to(things.address) as proxy, Database(proxy.address) as database:
        await database.read(STATEMENTS["keys"])
        proxy.cut()
        assert await database.read(STATEMENTS["keys"]) == [{"keys": []}]

        def cut_once(data: bytes) -> bytes:
            proxy.spoil = None
            proxy.cut()
            return data[:3]

        proxy.spoil = cut_once
        assert await database.read(STATEMENTS["keys"]) == [{"keys": []}]


async def test_a_line_that_stays_cut_is_unavailable(things: Database) -> None:
    """After the named number of attempts, with a word on what kind of trouble it was."""

    def cut(data: bytes) -> bytes:
        proxy.cut()
        return b""

    async with proxy_to(things.address) as proxy, Database(proxy.address) as database:
        proxy.spoil = cut
        with pytest.raises(StoreUnavailable) as caught:
            await database.read(STATEMENTS["keys"])

    assert caught.value.retriable
    assert proxy.opened == StoreLimits().connection_attempts


@pytest.mark.parametrize("said", [b"HTTP", b"\x00\x00\x00\x00", b"\x00\x00\x04\x04"], ids=["http", "none", "older"])
async def test_who_speaks_no_bolt_of_ours_is_unavailable(things: Database, said: bytes) -> None:
    """Another service at the port, or a server that is too old."""
    async with proxy_to(things.address) as proxy, Database(proxy.address) as database:
        proxy.spoil = lambda data: said
        with pytest.raises(StoreUnavailable) as caught:
            await database.read(STATEMENTS["keys"])

    assert caught.value.facts["reason"] == "NoBolt"


async def test_a_greeting_may_come_in_pieces(things: Database) -> None:
    """A line may break anywhere, also amid the four bytes that choose the version."""
    async with proxy_to(things.address) as proxy, Database(proxy.address) as database:
        proxy.crumble = True
        assert await database.read(STATEMENTS["keys"]) == [{"keys": []}]


UNREADABLE: Final = {
    "no type": b"\x00\x03\xb1\x70\xff\x00\x00",
    "no message": b"\x00\x02\xb0\x55\x00\x00",
    "one byte": b"\x00\x01\xb1\x00\x00",
    "a text that ends early": b"\x00\x04\xb1\x71\x91\x8f\x00\x00",
    "ignored for no reason": messages._message(0x70, {"fields": ["keys"]}) + messages._message(0x7E),
    "no columns": messages._message(0x70, {}) * 2,
    "a row of other width": b"".join(
        (messages._message(0x70, {"fields": ["keys"]}), messages._message(0x71, [1, 2]), messages._message(0x70, {}))
    ),
    "a summary that is none": messages._message(0x70, "fields") * 2,
}


@pytest.mark.parametrize("said", UNREADABLE)
async def test_an_unreadable_answer_ends_its_connection(
    things: Database, caplog: pytest.LogCaptureFixture, said: str
) -> None:
    """It is no answer, neither to a read nor to a write, and nothing is logged: it may hold values."""
    async with proxy_to(things.address) as proxy, Database(proxy.address) as database:
        await database.read(STATEMENTS["keys"])
        opened = proxy.opened
        proxy.spoil = once(proxy, UNREADABLE[said])
        assert await database.read(STATEMENTS["keys"]) == [{"keys": []}]
        assert proxy.opened == opened + 1
        proxy.spoil = once(proxy, UNREADABLE[said])
        await database.put(STATEMENTS["merge"], {"keys": []})
        assert proxy.opened == opened + 2
        assert await database.read(STATEMENTS["keys"]) == [{"keys": []}]

    assert caplog.text == ""


async def test_what_nobody_asked_for_ends_its_connection(things: Database) -> None:
    """It would be taken for a part of the next answer."""
    async with proxy_to(things.address) as proxy:
        statements = direct(proxy.address)
        await statements.run(STATEMENTS["keys"], {}, seconds=5)
        proxy.say(messages._message(0x70, {}))
        await until(lambda: not proxy.open_now)

        assert await statements.run(STATEMENTS["keys"], {}, seconds=5) == [{"keys": []}]
        assert proxy.opened == 2
        await statements.close()


async def test_a_server_that_wants_a_new_sign_in_gets_one(things: Database) -> None:
    """Every connection signed in when the old word held: none of them is used again."""
    async with proxy_to(things.address) as proxy, Database(proxy.address) as database:
        await asyncio.gather(*(database.read(STATEMENTS["keys"]) for _ in range(3)))
        proxy.spoil = once(proxy, failure("Neo.ClientError.Security.AuthorizationExpired") + messages._message(0x7E))
        assert await database.read(STATEMENTS["keys"]) == [{"keys": []}]

        assert proxy.opened == 4
        await until(lambda: proxy.open_now == 1)


async def test_a_server_that_refuses_and_hangs_up_is_heard(things: Database) -> None:
    """The code of its refusal counts, not the lost line."""
    async with proxy_to(things.address) as proxy, Database(proxy.address) as database:
        await database.read(STATEMENTS["keys"])

        def hang_up(data: bytes) -> bytes:
            asyncio.get_running_loop().call_later(0.02, proxy.cut)
            return failure("Neo.ClientError.Request.Invalid")

        proxy.spoil = hang_up
        with pytest.raises(StoreFault) as caught:
            await database.read(STATEMENTS["keys"])

    assert caught.value.facts["store_code"] == "Neo.ClientError.Request.Invalid"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("Neo.ClientError.Cluster.NotALeader", StoreUnavailable),
        ("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", StoreUnavailable),
        ("Neo.TransientError.Transaction.Terminated", DeadlineExceeded),
        ("Neo.TransientError.Transaction.LockClientStopped", StoreFault),
        ("Neo.TransientError.Transaction.DeadlockDetected", WriteContended),
        ("Neo.ClientError.Security.Unauthorized", StoreSignInRefused),
    ],
)
async def test_a_refusal_is_called_what_the_driver_would_make_of_it(
    things: Database, code: str, error: type[Exception]
) -> None:
    """So that nobody above need know by which way a statement went."""
    async with proxy_to(things.address) as proxy, Database(proxy.address, StoreLimits(attempts=1)) as database:
        await database.read(STATEMENTS["keys"])
        proxy.spoil = lambda data: failure(code) + messages._message(0x7E)
        with pytest.raises(error):
            await database.put(STATEMENTS["merge"], {"keys": []})


async def test_the_next_address_of_a_name_is_tried(things: Database) -> None:
    """``localhost`` is often two addresses, of which the server has one."""
    async with proxy_to(things.address) as proxy:
        port = proxy.address.uri.rpartition(":")[2]
        async with Database(replace(proxy.address, uri=f"bolt://localhost:{port}")) as database:
            assert await database.read(STATEMENTS["keys"]) == [{"keys": []}]


async def test_a_caller_who_goes_away_takes_the_connection_along(things: Database) -> None:
    """What still comes belongs to nobody; the next call has a connection of its own, within its deadline."""
    async with proxy_to(things.address) as proxy, Database(proxy.address) as database:
        await database.read(STATEMENTS["keys"])
        proxy.silent = True
        with pytest.raises(DeadlineExceeded):
            await database.read(STATEMENTS["keys"], seconds=0.2)
        proxy.silent = False

        assert await database.read(STATEMENTS["keys"]) == [{"keys": []}]
        assert proxy.opened == 2


async def test_a_connection_that_was_quiet_is_tried_first(things: Database) -> None:
    """A firewall forgets a quiet connection and tells nobody; a call does not wait for its deadline to find out."""
    async with proxy_to(things.address) as proxy:
        statements = direct(proxy.address, quiet_seconds=ALWAYS)
        await asyncio.gather(*(statements.run(STATEMENTS["keys"], {}, seconds=30) for _ in range(3)))
        assert await statements.run(STATEMENTS["keys"], {}, seconds=30) == [{"keys": []}]
        assert proxy.opened == 3

        proxy.silent = True
        began = time.monotonic()
        asking = asyncio.create_task(statements.run(STATEMENTS["keys"], {}, seconds=30))
        await until(lambda: proxy.opened > 3)
        proxy.silent = False

        assert await asking == [{"keys": []}]
        assert time.monotonic() - began < 2 * ANSWER_SECONDS  # one is tried, not each of the three
        await statements.close()


async def test_who_gives_up_while_a_connection_is_tried_takes_it_along(things: Database) -> None:
    """Nothing is kept of it."""
    async with proxy_to(things.address) as proxy:
        statements = direct(proxy.address, quiet_seconds=ALWAYS)
        await statements.run(STATEMENTS["keys"], {}, seconds=30)
        proxy.silent = True
        asking = asyncio.create_task(statements.run(STATEMENTS["keys"], {}, seconds=30))
        await asyncio.sleep(0.05)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        proxy.silent = False

        assert not statements._all
        await statements.close()


async def test_a_connection_is_not_used_for_ever(things: Database) -> None:
    """Behind the same name another server may stand by now."""
    async with proxy_to(things.address) as proxy:
        statements = direct(proxy.address, lasting_seconds=ALWAYS)
        for _ in range(3):
            assert await statements.run(STATEMENTS["keys"], {}, seconds=5) == [{"keys": []}]
        await statements.close()

        assert proxy.opened == 3
        assert proxy.most_at_once <= 2


async def test_closing_ends_what_is_under_way(things: Database) -> None:
    """Calls that wait for an answer, and those that wait for their turn, are told; no connection is left open."""
    async with proxy_to(things.address) as proxy:
        statements = direct(proxy.address, most=2)
        await statements.run(STATEMENTS["keys"], {}, seconds=5)
        proxy.silent = True
        calls = [asyncio.create_task(statements.run(STATEMENTS["keys"], {}, seconds=5)) for _ in range(4)]
        await asyncio.sleep(0.1)

        closing = asyncio.create_task(statements.close())
        await asyncio.sleep(0.1)
        proxy.silent = False
        await closing
        ended = await asyncio.gather(*calls, return_exceptions=True)

        assert all(isinstance(end, ConnectionError) for end in ended)
        await until(lambda: not proxy.open_now)


# --- in secret ---


def certificate(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS with a certificate that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_a_certificate_of_its_own_is_believed_only_where_the_address_says_so(
    things: Database, tmp_path: Path
) -> None:
    """``bolt+ssc`` takes it, ``bolt+s`` asks the machine's authorities, who know nothing of it."""
    async with proxy_to(things.address, tls=certificate(tmp_path)) as proxy:
        port = proxy.address.uri.rpartition(":")[2]
        async with Database(replace(proxy.address, uri=f"bolt+ssc://127.0.0.1:{port}")) as database:
            assert await database.read(STATEMENTS["keys"]) == [{"keys": []}]
        async with Database(replace(proxy.address, uri=f"bolt+s://127.0.0.1:{port}")) as database:
            with pytest.raises(StoreUnavailable) as caught:
                await database.read(STATEMENTS["keys"])

    assert caught.value.facts["reason"] == "SSLCertVerificationError"


async def test_opening_is_given_up_cleanly(things: Database, caplog: pytest.LogCaptureFixture) -> None:
    """A caller who goes away while a connection opens, at whatever moment, leaves no socket and no complaint."""
    async with proxy_to(things.address) as proxy:
        peer = peer_of(proxy.address.uri)
        assert peer is not None
        for turns in range(30):
            opening = asyncio.create_task(Connection.open(peer, proxy.address, seconds=5))
            for _ in range(turns):
                await asyncio.sleep(0)
            opening.cancel()
            (ended,) = await asyncio.gather(opening, return_exceptions=True)
            if isinstance(ended, Connection):
                await ended.close()
        await until(lambda: not proxy.open_now)

    gc.collect()
    assert caplog.text == ""


ON_EITHER_LOOP: Final = (
    test_rows_are_the_drivers,
    test_a_connection_is_used_again_after_a_refusal,
    test_no_more_connections_than_allowed,
    test_a_cut_line_is_tried_again_over_another,
    test_a_greeting_may_come_in_pieces,
    test_what_nobody_asked_for_ends_its_connection,
    test_a_server_that_wants_a_new_sign_in_gets_one,
    test_a_server_that_refuses_and_hangs_up_is_heard,
    test_the_next_address_of_a_name_is_tried,
    test_a_caller_who_goes_away_takes_the_connection_along,
    test_a_connection_that_was_quiet_is_tried_first,
    test_who_gives_up_while_a_connection_is_tried_takes_it_along,
    test_a_connection_is_not_used_for_ever,
    test_closing_ends_what_is_under_way,
)


@pytest.mark.parametrize("holds", ON_EITHER_LOOP, ids=lambda test: test.__name__.removeprefix("test_"))
def test_the_same_on_the_loop_of_workers(
    store_address: StoreAddress, holds: Callable[[Database], Awaitable[None]]
) -> None:
    """They run on uvloop, whose transports are not Python's."""

    async def run() -> None:
        async with Database(store_address) as database:
            await migrate(database, purpose=Purpose.TEST)
            await empty(database)
            await constrain(database)
            await holds(database)

    uvloop.run(run())
