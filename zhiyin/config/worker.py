"""The worker: jobs, and the projector that folds the event log. Works as the database role ``engine``."""

from __future__ import annotations

import asyncio
import os
import signal
import threading

from zhiyin.config.environment import Environment
from zhiyin.config.leaving import leave_without_database
from zhiyin.contracts.metrics import MetricsServer, metrics_socket

#: an ended job's connection to the database that went away is waited for
_RETRY_S = 1.0
_CONCURRENT_JOBS = 2
_STOP_WITHIN_S = 15


def run(environment: Environment) -> None:
    """Work until SIGTERM or SIGINT: then finish the jobs at hand and stop, at once where the database is away."""
    os.environ.update(environment.to_environ())
    os.environ["ZHIYIN_DB_ROLE"] = "engine"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiyin.config.settings")
    import django  # noqa: PLC0415 - the environment first

    django.setup()
    from zhiyin.apps.audit.sealer import Sealer  # noqa: PLC0415 - after setup
    from zhiyin.apps.external_services.messages import FlowMessages  # noqa: PLC0415
    from zhiyin.apps.flow_traffic.projection import FlowTraffic  # noqa: PLC0415
    from zhiyin.apps.integrations.outbox import PublicEvents  # noqa: PLC0415
    from zhiyin.apps.interactions.contact_projection import ContactProjection  # noqa: PLC0415
    from zhiyin.apps.interactions.deferred_projection import DeferredProjection  # noqa: PLC0415
    from zhiyin.apps.interactions.projector import Projector  # noqa: PLC0415
    from zhiyin.apps.monitoring.rest_overruns import RestOverruns  # noqa: PLC0415
    from zhiyin.apps.monitoring.supervision_audit import SupervisionAudit  # noqa: PLC0415
    from zhiyin.apps.recordings.projection import RecordingOrders  # noqa: PLC0415
    from zhiyin.apps.surveys.projection import SurveyProjection  # noqa: PLC0415
    from zhiyin.apps.trials.projection import ReturnedRules  # noqa: PLC0415
    from zhiyin.config.work_readings import Reader  # noqa: PLC0415

    projector = Projector(
        [
            ContactProjection(),
            DeferredProjection(),
            SurveyProjection(),
            FlowTraffic(),
            RecordingOrders(),
            SupervisionAudit(),
            RestOverruns(),
            PublicEvents(),
            FlowMessages(),
            ReturnedRules(),
        ]
    )
    reader = Reader(environment.db_engine, environment.run)
    sealer = Sealer()
    threads = [
        threading.Thread(target=projector.run, name="projector"),
        threading.Thread(target=reader.run, name="readings"),
        threading.Thread(target=sealer.run, name="sealer"),
    ]
    for thread in threads:
        thread.start()
    try:
        asyncio.run(_work(environment))
    finally:
        projector.stop()
        reader.stop()
        sealer.stop()
        for thread in threads:
            thread.join()


async def _work(environment: Environment) -> None:
    """Hand out figures and run jobs until told to stop."""
    from zhiyin.config.worker_metrics import make_registry  # noqa: PLC0415 - after setup

    figures = MetricsServer(
        metrics_socket(environment.run, "worker"), make_registry(environment.db_engine), does_wait=True
    )
    await figures.start()
    stopped = asyncio.Event()

    def stop() -> None:
        if not stopped.is_set():
            stopped.set()
            leave_without_database(environment.db_engine)

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await _run_jobs(stopped)
    finally:
        await figures.stop()


async def _run_jobs(stopped: asyncio.Event) -> None:
    """Run jobs until ``stopped``; when the database goes away, wait for it."""
    import psycopg  # noqa: PLC0415
    import structlog  # noqa: PLC0415
    from procrastinate import exceptions  # noqa: PLC0415
    from procrastinate.contrib.django import app  # noqa: PLC0415
    from procrastinate.contrib.django.django_connector import DjangoConnector  # noqa: PLC0415

    log = structlog.get_logger(__name__)
    while not stopped.is_set():
        assert isinstance(app.connector, DjangoConnector)
        try:
            async with app.with_connector(app.connector.get_worker_connector()).open_async() as jobs:
                working = asyncio.create_task(
                    jobs.run_worker_async(
                        concurrency=_CONCURRENT_JOBS,
                        install_signal_handlers=False,
                        shutdown_graceful_timeout=_STOP_WITHIN_S,
                    )
                )
                stopping = asyncio.create_task(stopped.wait())
                await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
                stopping.cancel()
                working.cancel()
                await asyncio.gather(working, return_exceptions=stopped.is_set())
        except (exceptions.ConnectorException, psycopg.Error, asyncio.CancelledError) as error:
            if stopped.is_set():
                return
            log.warning("worker_waits_for_database", error=type(error).__name__)
            await asyncio.sleep(_RETRY_S)
