"""The engine's process: on Asterisk and PostgreSQL, standing by until it leads, until told to stop."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable

import structlog
import uvloop

from zhiyin.contracts.environment import Environment
from zhiyin.contracts.metrics import MetricsServer, metrics_socket
from zhiyin.contracts.sealing import SecretSealer
from zhiyin.engine import metrics
from zhiyin.engine.adapters.asterisk import AsteriskAddress, AsteriskTelephony
from zhiyin.engine.adapters.asterisk.cluster import AsteriskCluster
from zhiyin.engine.adapters.asterisk.witness import AsteriskWitness
from zhiyin.engine.adapters.outside.world import RealOutside
from zhiyin.engine.adapters.postgres.lease import PostgresLease
from zhiyin.engine.adapters.postgres.log import PostgresLog
from zhiyin.engine.adapters.speech.own_ear import OwnEarProcess
from zhiyin.engine.adapters.speech.own_voice import OwnVoiceProcess
from zhiyin.engine.adapters.speech.sound_folder import SoundFolder
from zhiyin.engine.descriptors import Descriptors
from zhiyin.engine.engine import Engine
from zhiyin.engine.lease import Gate
from zhiyin.engine.ports import Fact
from zhiyin.engine.speech_port import SpeechTools

log = structlog.get_logger(__name__)

#: programs of their own, known here by their names alone: what makes sound, and what hears words, stays out of here
VOICE_COMMAND = (sys.executable, "-P", "-m", "zhiyin.config.prompts.voice_process")
EAR_COMMAND = (sys.executable, "-P", "-m", "zhiyin.config.speech.ear_process")
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - said, not bound
#: EX_TEMPFAIL: started again, this engine stands by
EXIT_DEPOSED = 75
#: EX_SOFTWARE: the log says why
EXIT_BROKEN = 70


def _serve_metrics(environment: Environment, engine: Engine, store: PostgresLog) -> MetricsServer:
    metrics.REGISTRY.register(
        metrics.LiveState(
            boards=lambda: [tenant.board.board() for tenant in engine.board.tenants.values()],
            health=engine.health,
            now=engine.board.clock.now,
            pool=store.pool_figures,
        )
    )
    return MetricsServer(metrics_socket(environment.run, "engine"), metrics.REGISTRY, lag=metrics.LAG_S)


def run(environment: Environment) -> None:
    """Run the engine on Asterisk and PostgreSQL until SIGTERM or SIGINT."""
    uvloop.run(_run(environment))


def _addresses(environment: Environment) -> dict[str, AsteriskAddress]:
    """Return where each Asterisk is, by its node's name; "" where there is only one."""

    def address(url: str, *, sip_host: str) -> AsteriskAddress:
        return AsteriskAddress(
            url=url,
            ari_user=environment.ari_user,
            ari_password=environment.ari_password,
            manager_user=environment.ami_user,
            manager_password=environment.ami_password,
            sip_host=sip_host,
            edge=environment.edge,
            encryption=environment.encryption,
            keys=environment.keys,
        )

    if not environment.node_urls:
        return {"": address(environment.ari_url, sip_host=environment.sip_host)}
    # Which of a node's addresses a browser reaches it by is the node's own business.
    return {name: address(url, sip_host=EVERY_ADDRESS) for name, url in environment.node_urls.items()}


def _make_telephony(
    addresses: dict[str, AsteriskAddress], on_fact: Callable[[Fact], None], gate: Gate, *, lost_after_s: float
) -> tuple[AsteriskTelephony, None] | tuple[AsteriskCluster, AsteriskCluster]:
    """Return the telephony on the one Asterisk, or on several nodes and the same as their operator sees it."""
    if "" in addresses:
        return AsteriskTelephony(addresses[""], on_fact=on_fact, gate=gate), None
    cluster = AsteriskCluster(addresses, on_fact=on_fact, gate=gate, lost_after_s=lost_after_s)
    return cluster, cluster


async def _run(environment: Environment) -> None:
    """Stand by until this engine's turn has come, then lead until told to stop."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    environment.recordings_raw.mkdir(parents=True, exist_ok=True)
    descriptors = Descriptors()
    keeping = asyncio.create_task(descriptors.keep(), name="descriptors")
    lease = PostgresLease(environment.db_engine, on_lost=_end_deposed)
    sealer = SecretSealer(bytes.fromhex(environment.vault_key))
    store = PostgresLog(environment.db_engine, sealer=sealer, lease=lease)
    await store.open()
    engine = Engine(
        store=store,
        spool_folder=environment.spool,
        socket_path=environment.engine_socket,
        listen=environment.listen,
        keys=environment.keys,
        recordings=environment.recordings_raw,
        key=bytes.fromhex(environment.ticket_key),
        are_descriptors_short=lambda: descriptors.is_short,
        are_descriptors_spent=lambda: descriptors.is_spent,
        on_broken=_end_broken,
        outside=RealOutside(frozenset(environment.internal_hosts.lower().replace(",", " ").split())),
        speech=SpeechTools(OwnVoiceProcess(VOICE_COMMAND), SoundFolder(environment.spoken), OwnEarProcess(EAR_COMMAND)),
    )
    addresses = _addresses(environment)
    lease.witness = witness = AsteriskWitness(addresses.values())
    telephony, nodes = _make_telephony(addresses, engine.take_fact, lease.gate, lost_after_s=environment.node_lost_s)
    access = telephony.access if isinstance(telephony, AsteriskTelephony) else None

    async def lead() -> None:
        await lease.wait_for_turn()
        await telephony.start()
        await engine.start(telephony, nodes=nodes, access=access)

    starting = asyncio.create_task(lead())
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        keeping.cancel()
        await lease.give_back()
        await witness.close()
        return
    if starting.exception() is not None:
        _end_broken(starting.exception())
    gc.collect()
    gc.freeze()  # settings and code stay: a full collection in mid-call need not walk through them
    figures = _serve_metrics(environment, engine, store)
    await figures.start()
    await waiting
    await figures.stop()
    await telephony.stop()
    await engine.stop()
    await witness.close()
    keeping.cancel()


def _end_broken(why: BaseException | None) -> None:
    """End at once: an engine that cannot take over, or write, and takes long to end keeps the lead from all others."""
    log.error("engine_broken", exc_info=why)
    os._exit(EXIT_BROKEN)


def _end_deposed() -> None:
    """Another engine leads: nothing of this one may be finished, not even properly."""
    os._exit(EXIT_DEPOSED)
