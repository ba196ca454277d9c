"""Changing what callers hear: a recording brought or made in the browser, the product's voice, an older version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.module_loading import import_string

from zhiyin.apps.audit import services as audit
from zhiyin.apps.flows import prompt_files, prompt_library
from zhiyin.apps.flows.audio import LineSound
from zhiyin.apps.flows.errors import FlowInUse, SpeechAway
from zhiyin.apps.flows.models import PromptVersion
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import publish_settings

Source = PromptVersion.Source
#: of each prompt and language; the oldest go first, the one in force never
VERSIONS_KEPT = 20


def take_recording(
    *, actor: Actor, key: str, language: str, text: str, content: bytes, source: str, now: datetime
) -> PromptVersion:
    """Take a file of sound as the prompt, brought to line quality and level; the version before stays.

    Raises ``BadAudio`` and ``ReadersBusy``.
    """
    return _keep(actor=actor, key=key, language=language, text=text, sound=_read(content), source=source, now=now)


def speak_prompt(*, actor: Actor, key: str, texts: Mapping[str, str], now: datetime) -> list[PromptVersion]:
    """Let the product's voice say the texts (language -> text). Raises ``SpeechAway`` where there is no voice."""
    if not settings.PROMPT_SPEAKER:
        raise SpeechAway
    speak: Callable[[str, str], bytes] = import_string(settings.PROMPT_SPEAKER)
    try:
        sounds = {language: _read(speak(text, language)) for language, text in texts.items()}
    except OSError as error:
        raise SpeechAway from error
    return [
        _keep(actor=actor, key=key, language=language, text=text, sound=sounds[language], source=Source.SPOKEN, now=now)
        for language, text in texts.items()
    ]


def _read(content: bytes) -> LineSound:
    read: Callable[[bytes], LineSound] = import_string(settings.PROMPT_READER)
    return read(content)


@transaction.atomic
def _keep(
    *, actor: Actor, key: str, language: str, text: str, sound: LineSound, source: str, now: datetime
) -> PromptVersion:
    _lock(actor.tenant)
    rows = PromptVersion.objects.of(actor.tenant).filter(key=key, language=language)
    before = rows.filter(is_in_force=True).first()
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    name = prompt_files.sound_of(key, number)
    prompt_files.write_company_file(actor.tenant.pk, language, name, sound.alaw)
    rows.update(is_in_force=False)
    made = rows.create(
        tenant=actor.tenant,
        key=key,
        language=language,
        number=number,
        text=text,
        source=source,
        duration_s=round(sound.duration_s, 2),
        sound=name,
        came_dbfs=None if source == Source.SPOKEN else round(sound.came_dbfs, 1),
        cut_s=0 if source == Source.SPOKEN else round(sound.cut_s, 2),
        made_at=now,
        made_by=actor.name,
    )
    _record(actor, "prompt.changed", before, made)
    _forget_oldest(actor.tenant, key, language)
    publish_settings(tenant=actor.tenant)
    return made


@transaction.atomic
def put_back_version(*, actor: Actor, key: str, version_id: int) -> PromptVersion:
    """Let callers hear an older version again. Raises ``NotFound``; safe to repeat."""
    _lock(actor.tenant)
    wanted = prompt_library.get_version(tenant=actor.tenant, key=key, version_id=version_id)
    if not prompt_files.company_file(actor.tenant.pk, wanted.language, wanted.sound).is_file():
        raise NotFound
    rows = PromptVersion.objects.of(actor.tenant).filter(key=key, language=wanted.language, is_in_force=True)
    before = rows.first()
    if before is not None and before.pk == wanted.pk:
        return wanted
    rows.update(is_in_force=False)
    wanted.is_in_force = True
    wanted.save()
    _record(actor, "prompt.put_back", before, wanted)
    publish_settings(tenant=actor.tenant)
    return wanted


@transaction.atomic
def remove_prompt(*, actor: Actor, key: str) -> None:
    """Take the company's own prompt out of force; a standard one of the same key is heard again. Its versions stay.

    Raises ``NotFound``, and ``FlowInUse`` where callers would hear nothing.
    """
    _lock(actor.tenant)
    rows = prompt_library.in_force(tenant=actor.tenant).filter(key=key)
    if not rows:
        raise NotFound
    if key not in prompt_files.standard_files():
        uses = prompt_library.uses_of_prompts(tenant=actor.tenant).get(key, [])
        users = sorted({use.name for use in uses if use.kind in ("flow", "queue")})
        if users:
            raise FlowInUse(users)
    rows.update(is_in_force=False)
    audit.record(actor=actor, action="prompt.removed", kind="prompt", subject=key, name=key)
    publish_settings(tenant=actor.tenant)


def _lock(tenant: Tenant) -> None:
    """One change of prompts at a time, so that versions count on and one is in force."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)


def _forget_oldest(tenant: Tenant, key: str, language: str) -> None:
    rows = PromptVersion.objects.of(tenant).filter(key=key, language=language, is_in_force=False)
    for row in rows.order_by("-number")[VERSIONS_KEPT - 1 :]:
        row.delete()
        transaction.on_commit(
            lambda row=row: prompt_files.remove_company_file(tenant.pk, language, row.sound)  # type: ignore[misc]
        )


def _record(actor: Actor, action: str, before: PromptVersion | None, after: PromptVersion) -> None:
    audit.record(
        actor=actor,
        action=action,
        kind="prompt",
        subject=after.key,
        name=f"{after.key}/{after.language}",
        before=None if before is None else _shown(before),
        after=_shown(after),
    )


def _shown(row: PromptVersion) -> dict[str, object]:
    return {"version": row.number, "text": row.text, "source": row.source, "duration_s": row.duration_s}
