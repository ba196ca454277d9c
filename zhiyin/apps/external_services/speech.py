"""Who speaks and who hears in each language, how it went, and trying either: by a service, by the installation itself,
or as a flow would."""

from __future__ import annotations

import io
import time
import wave
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from zhiyin.apps.engine_client import EngineAway, EngineRefused, ask_engine
from zhiyin.apps.external_services.errors import NoSound
from zhiyin.apps.external_services.models import ExternalService
from zhiyin.apps.external_services.services import TRY_S, get_service, hear, note_trial
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.commands import TellSpeech, TryRecognition
from zhiyin.contracts.speech_commands import LONGEST_TRIED_S, OWN, SpeechState
from zhiyin.domain.interface_health import Interface, condition_of

LANGUAGES = ("zh", "en")
KINDS = (ExternalService.Kind.SYNTHESIS, ExternalService.Kind.RECOGNITION)
RATE_HZ = 8000
#: In the base64 of a WAV file.
MOST_SOUND_SIGNS = (LONGEST_TRIED_S * RATE_HZ * 2 + 1000) * 4 // 3
_ASK_S = 2.0


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who serves a language: a service, or (``service`` 0) what the installation has itself."""

    kind: str
    language: str
    service: int
    name: str
    state: SpeechState


def speakers(tenant: Tenant) -> tuple[list[Speaker], bool]:
    """Return who serves each language, and whether the engine could be asked how it went."""
    states = states_of(tenant)
    known = {(state.kind, state.service): state for state in states or ()}
    rows = list(_services(tenant).filter(is_enabled=True))
    found = []
    for kind in KINDS:
        for language in LANGUAGES:
            row = next((row for row in rows if row.kind == kind and language in row.settings["languages"]), None)
            service, name = (row.pk, row.name) if row is not None else (OWN, "")
            state = known.get((kind, service), SpeechState(kind, service))
            found.append(Speaker(kind, language, service, name, state))
    return found, states is not None


def say(*, actor: Actor, text: str, language: str, service_id: int | None) -> dict[str, object]:
    """Have a text said. Raises ``NotFound`` and what the engine refuses."""
    row = _service(actor, service_id, ExternalService.Kind.SYNTHESIS)
    begun = time.monotonic()
    outcome, cause, sound = hear(actor=actor, text=text, language=language, service_id=service_id)
    if row is not None:
        note_trial(actor, row, outcome, cause)
    return {"outcome": outcome, "cause": cause, "duration_ms": _since_ms(begun), "sound": sound}


def understand(
    *, actor: Actor, sound: str, language: str, service_id: int | None, phrases: Sequence[str]
) -> dict[str, object]:
    """Have a WAV file (in base64, of one channel, 16 bits, 8000 samples a second) understood; it is kept nowhere.

    Raises ``NotFound``, ``NoSound``, and what the engine refuses.
    """
    row = _service(actor, service_id, ExternalService.Kind.RECOGNITION)
    samples = _samples_of(sound)
    begun = time.monotonic()
    command = TryRecognition(b64encode(samples).decode(), language, service_id, tuple(phrases))
    answer = ask_engine(
        command, tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=dict[str, str], timeout_s=TRY_S
    )
    if row is not None:
        note_trial(actor, row, answer["outcome"], answer["cause"])
    return {**answer, "duration_ms": _since_ms(begun)}


def interfaces_of(tenant: Tenant) -> list[Interface]:
    """Return how it stands with each service that speaks or hears, as far as this engine has asked it."""
    rows = list(_services(tenant))
    if not rows:
        return []
    known = {(state.kind, state.service): state for state in states_of(tenant) or ()}
    found = []
    for row in rows:
        state = known.get((row.kind, row.pk), SpeechState(row.kind, row.pk))
        condition = condition_of(
            is_on=row.is_enabled, stopped_why="", succeeded_at=state.succeeded_at, failed_at=state.failed_at
        )
        found.append(Interface(row.kind, row.pk, row.name, condition, state.succeeded_at, state.failed_at, state.cause))
    return found


def states_of(tenant: Tenant) -> list[SpeechState] | None:
    """Return what came of those who were asked since the engine began; None where no engine answers."""
    try:
        return ask_engine(TellSpeech(), tenant_id=tenant.pk, actor_id=None, result=list[SpeechState], timeout_s=_ASK_S)
    except (EngineAway, EngineRefused):
        return None


def _services(tenant: Tenant) -> QuerySet[ExternalService]:
    return ExternalService.objects.of(tenant).filter(kind__in=KINDS).order_by("pk")


def _service(actor: Actor, service_id: int | None, kind: str) -> ExternalService | None:
    if service_id is None or service_id == OWN:
        return None
    row = get_service(tenant=actor.tenant, service_id=service_id)
    if row.kind != kind:
        raise NotFound
    return row


def _samples_of(sound: str) -> bytes:
    try:
        with wave.open(io.BytesIO(b64decode(sound, validate=True))) as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            samples: bytes = file.readframes(LONGEST_TRIED_S * RATE_HZ)
    except (ValueError, EOFError, wave.Error) as error:
        raise NoSound from error
    if form != (1, 2, RATE_HZ) or not samples:
        raise NoSound
    return samples


def _since_ms(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
