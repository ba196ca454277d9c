"""Opens the secrets in a company's settings as they are read; clear they stand in the engine's memory alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec
import structlog

from zhiyin.contracts.external_services import (
    DatabaseSetting,
    ExternalServices,
    HttpServiceSetting,
    PaymentServiceSetting,
    RecognitionSetting,
    SynthesisSetting,
)
from zhiyin.contracts.sealing import SERVICE_SECRET, TELEPHONE_SECRET, TRUNK_SECRET, CannotOpen, SecretSealer
from zhiyin.contracts.snapshots import SipAccountSetting, TenantSettings, TrunkSetting

log = structlog.get_logger(__name__)


def open_settings(settings: TenantSettings, sealer: SecretSealer) -> TenantSettings:
    """Return the settings with clear secrets.

    A telephone whose secret does not open is left out: without a secret anybody could be it. Such a trunk is off, and
    such an external service is not there.
    The rest of the company works, and the log says what must be entered anew.
    """
    return msgspec.structs.replace(
        settings,
        sip_accounts=tuple(_open_telephones(settings, sealer)),
        trunks=tuple(_open_trunk(trunk, settings.tenant, sealer) for trunk in settings.trunks),
        external=_open_services(settings.external, settings.tenant, sealer),
    )


_Service = TypeVar(
    "_Service", HttpServiceSetting, DatabaseSetting, PaymentServiceSetting, SynthesisSetting, RecognitionSetting
)


def _open_services(external: ExternalServices, tenant: int, sealer: SecretSealer) -> ExternalServices:
    return msgspec.structs.replace(
        external,
        http=tuple(_opened(external.http, tenant, sealer)),
        databases=tuple(_opened(external.databases, tenant, sealer)),
        payments=tuple(_opened(external.payments, tenant, sealer)),
        synthesis=tuple(_opened(external.synthesis, tenant, sealer)),
        recognition=tuple(_opened(external.recognition, tenant, sealer)),
    )


def _opened(services: Iterable[_Service], tenant: int, sealer: SecretSealer) -> Iterator[_Service]:
    for service in services:
        try:
            secret = sealer.open(service.secret, tenant=tenant, purpose=SERVICE_SECRET)
        except CannotOpen as error:
            log.error("service_secret_unreadable", tenant=tenant, service=service.id, why=str(error))
            continue
        yield msgspec.structs.replace(service, secret=secret)


def _open_telephones(settings: TenantSettings, sealer: SecretSealer) -> Iterator[SipAccountSetting]:
    for telephone in settings.sip_accounts:
        try:
            secret = sealer.open(telephone.secret, tenant=settings.tenant, purpose=TELEPHONE_SECRET)
        except CannotOpen as error:
            log.error("telephone_secret_unreadable", tenant=settings.tenant, agent=telephone.agent, why=str(error))
            continue
        yield msgspec.structs.replace(telephone, secret=secret)


def _open_trunk(trunk: TrunkSetting, tenant: int, sealer: SecretSealer) -> TrunkSetting:
    try:
        return msgspec.structs.replace(trunk, secret=sealer.open(trunk.secret, tenant=tenant, purpose=TRUNK_SECRET))
    except CannotOpen as error:
        log.error("trunk_secret_unreadable", tenant=tenant, trunk=trunk.id, why=str(error))
        return msgspec.structs.replace(trunk, secret="", is_enabled=False)
