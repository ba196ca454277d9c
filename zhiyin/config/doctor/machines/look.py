"""Asks every part of the installation that this machine reaches, all at once; each answers within seconds or not."""

from __future__ import annotations

import http.client
import json
import ssl
import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from cryptography import x509

from zhiyin.config.doctor.sip_probe import SipAnswer, probe
from zhiyin.config.parts import fingerprints, own_state, pulse_table
from zhiyin.config.parts.description import read_description
from zhiyin.config.supervisor import engine_link, networks, tls
from zhiyin.contracts.environment import Environment
from zhiyin.contracts.frames import EngineHealth
from zhiyin.contracts.links import split_address
from zhiyin.contracts.pulses import PulseHeard

_WITHIN_S = 5.0
_CONTROL_WITHIN_S = 5
_LEASE = "SELECT holder, epoch, extract(epoch FROM clock_timestamp() - renewed_at)::float8 FROM engine_lease"
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Lease:
    holder: str
    epoch: int
    age_s: float


@dataclass(frozen=True, slots=True)
class NodeSeen:
    """One Asterisk, asked from here."""

    version: str


@dataclass(frozen=True, slots=True)
class FrontSeen:
    """What a front's ``/api/health`` says, and when its certificate ends (None: it speaks plain HTTP)."""

    status: str
    parts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    certificate_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Silent:
    """Nobody answered; ``why`` in the system's words."""

    why: str


@dataclass(frozen=True, slots=True)
class Seen:
    """All that could be found out. Addresses are as the description writes them."""

    now: datetime
    #: this machine's addresses
    here: frozenset[str]
    program: str
    description: Mapping[str, str]
    engines: tuple[str, ...]
    pulses: tuple[PulseHeard, ...] | Silent
    lease: Lease | None
    engine: EngineHealth | Silent
    #: the address at which it answers; empty where none does
    leads_at: str
    webs: Mapping[str, Silent | None]
    nodes: Mapping[str, NodeSeen | Silent]
    fronts: Mapping[str, FrontSeen | Silent]
    edge: SipAnswer | Silent
    #: which nodes the edge gives calls to, by address; None where its control socket is not on this machine
    edge_nodes: Mapping[str, str] | Silent | None
    #: where each node is, "host"
    node_hosts: Mapping[str, str]
    link_ends_at: datetime | Silent


def look(environment: Environment, config: Path, *, fronts: tuple[str, ...], control: Path) -> Seen:
    """Ask everybody. Needs no rights but those of the service's account."""
    described = read_description(config)
    hosts = {name: split_address(url.partition("://")[2])[0] for name, url in environment.node_urls.items()}
    engines, webs = tuple(environment.engine_at.split()), tuple(environment.web_at.split())
    with ThreadPoolExecutor(max_workers=16) as pool:

        def ask(question: Callable[[], Answer]) -> Callable[[], Answer | Silent]:
            return pool.submit(_quietly, question).result

        pulses = ask(lambda: pulse_table.hear(environment.db_owner))
        lease = ask(lambda: _lease(environment.db_owner))
        engine = ask(lambda: engine_link.read_health(environment.engine_link))
        web = {at: ask(lambda at=at: _web(environment, at)) for at in webs}  # type: ignore[misc]
        node = {name: ask(lambda name=name: _node(environment, name)) for name in hosts}  # type: ignore[misc]
        front = {host: ask(lambda host=host: _front(environment, host)) for host in fronts}  # type: ignore[misc]
        edge = ask(lambda: _edge(environment.edge))
        found_lease, found_engine = lease(), engine()
        return Seen(
            now=datetime.now(UTC),
            here=frozenset(local.address for local in networks.list_local_addresses()),
            program=fingerprints.program(),
            description=fingerprints.description(described, environment.keys),
            engines=engines,
            pulses=pulses(),
            lease=None if isinstance(found_lease, Silent) else found_lease,
            engine=found_engine if isinstance(found_engine, Silent) else found_engine[1],
            leads_at="" if isinstance(found_engine, Silent) else found_engine[0],
            webs={at: answer() for at, answer in web.items()},
            nodes={name: answer() for name, answer in node.items()},
            fronts={host: answer() for host, answer in front.items()},
            edge=edge(),
            edge_nodes=_edge_nodes(control),
            node_hosts=hosts,
            link_ends_at=_link_ends_at(environment),
        )


def _quietly(question: Callable[[], Answer]) -> Answer | Silent:
    try:
        return question()
    except (OSError, http.client.HTTPException, psycopg.Error, ValueError, KeyError, TypeError) as error:
        return Silent(_first_line(error))
    except engine_link.EngineAway as error:
        return Silent(str(error))


def _first_line(error: Exception) -> str:
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(said).strip().splitlines()[0]


def _lease(url: str) -> Lease | None:
    with psycopg.connect(url, autocommit=True, connect_timeout=int(_WITHIN_S)) as connection:
        row = connection.execute(_LEASE).fetchone()
    return Lease(str(row[0]), int(row[1]), float(row[2])) if row is not None else None


def _web(environment: Environment, at: str) -> None:
    own_state.get(own_state.over_tls(environment, at), own_state.FIGURES)


def _node(environment: Environment, name: str) -> NodeSeen:
    said = json.loads(own_state.ask_asterisk(environment, name, "asterisk/info?only=system"))
    return NodeSeen(version=str(said["system"]["version"]))


def _front(environment: Environment, host: str) -> FrontSeen:
    """Ask as a browser does; whether it trusts the certificate is the browser's business."""
    port, ends_at = environment.http_port, None
    if environment.is_tls:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, port, timeout=_WITHIN_S, context=context
        )
        connection.connect()
        assert isinstance(connection.sock, ssl.SSLSocket)
        shown = connection.sock.getpeercert(binary_form=True)
        ends_at = x509.load_der_x509_certificate(shown).not_valid_after_utc if shown else None
    else:
        connection = http.client.HTTPConnection(host, port, timeout=_WITHIN_S)
    said: dict[str, Any] = json.loads(own_state.get(connection, "/api/health"))
    parts = {str(name): (str(part["state"]), str(part["detail"])) for name, part in said["parts"].items()}
    return FrontSeen(str(said["status"]), parts, ends_at)


def _edge(at: str) -> SipAnswer:
    """Raises ``OSError`` where it does not answer."""
    host, port = split_address(at)
    answer = probe(host, port)
    if answer is None:
        raise TimeoutError("no answer to OPTIONS")
    return answer


def _edge_nodes(control: Path) -> Mapping[str, str] | Silent | None:
    """Return the edge's flags of each node's address: "AP" takes calls and is probed. Its socket is root's to ask."""
    try:
        if not control.is_socket():
            return None
        argv = ("kamcmd", "-s", f"unix:{control}", "dispatcher.list")
        said = subprocess.run(argv, capture_output=True, text=True, timeout=_CONTROL_WITHIN_S, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        return Silent(type(error).__name__)
    return read_dispatcher(said)


def read_dispatcher(said: str) -> Mapping[str, str]:
    """Read ``kamcmd dispatcher.list``: a destination's URI and FLAGS stand in lines of their own."""
    found: dict[str, str] = {}
    host = ""
    for line in said.splitlines():
        name, _, value = line.strip().partition(": ")
        if name == "URI":
            host = value.removeprefix("sip:").partition(":")[0]
        elif name == "FLAGS" and host:
            found[host] = value
    return found


def _link_ends_at(environment: Environment) -> datetime | Silent:
    keys = environment.keys
    if keys is None:
        return Silent("ZHIYIN_LINK_KEYS names no folder")
    try:
        keys.client  # noqa: B018 - reads all three files and whether they belong together
        return tls.ends_at(keys.certificate)
    except (OSError, ValueError) as error:
        return Silent(_first_line(error))
