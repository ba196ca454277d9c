"""Reading flows, hours and prompts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from django.db.models import QuerySet

from zhiyin.apps.flows import audio, prompt_files
from zhiyin.apps.flows.models import Flow, FlowVersion, Hours, Prompt
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.snapshots import FlowSetting, HoursSetting, PromptSetting


def list_flows(*, tenant: Tenant, search: str = "") -> QuerySet[Flow]:
    rows: QuerySet[Flow] = Flow.objects.of(tenant)
    return rows.filter(name__icontains=search) if search else rows


def list_hours(*, tenant: Tenant, search: str = "") -> QuerySet[Hours]:
    rows: QuerySet[Hours] = Hours.objects.of(tenant)
    return rows.filter(name__icontains=search) if search else rows


def list_versions(*, tenant: Tenant, flow_id: int) -> QuerySet[FlowVersion]:
    return FlowVersion.objects.of(tenant).filter(flow_id=flow_id)


def graph_of(*, tenant: Tenant, flow_id: int, version: int) -> dict[str, Any] | None:
    """Return the graph of one published version, or None where there is no such."""
    return (
        FlowVersion.objects.of(tenant).filter(flow_id=flow_id, version=version).values_list("graph", flat=True).first()
    )


def has_flow(*, tenant: Tenant, flow_id: int) -> bool:
    return Flow.objects.of(tenant).filter(pk=flow_id).exists()


@dataclass(slots=True)
class PromptEntry:
    """One prompt of the library, in every language it has."""

    key: str
    is_standard: bool
    texts: dict[str, str] = field(default_factory=dict)
    #: language -> "standard", "uploaded" or "spoken"
    sources: dict[str, str] = field(default_factory=dict)
    durations_s: dict[str, float] = field(default_factory=dict)


def list_prompts(*, tenant: Tenant, search: str = "") -> list[PromptEntry]:
    """Return the prompt library by key: the product's own, and over them the company's."""
    texts = prompt_files.standard_texts()
    library: dict[str, PromptEntry] = {}
    for key, files in prompt_files.standard_files().items():
        entry = library[key] = PromptEntry(key=key, is_standard=True, texts=dict(texts.get(key, {})))
        for language, file in files.items():
            entry.sources[language] = "standard"
            entry.durations_s[language] = round(file.stat().st_size / audio.LINE_RATE_HZ, 2)
    for row in Prompt.objects.of(tenant):
        entry = library.setdefault(row.key, PromptEntry(key=row.key, is_standard=False))
        entry.texts[row.language] = row.text or entry.texts.get(row.language, "")
        entry.sources[row.language] = row.source
        entry.durations_s[row.language] = row.duration_s
    found = [library[key] for key in sorted(library)]
    if search:
        wanted = search.lower()
        found = [e for e in found if wanted in e.key or any(wanted in text.lower() for text in e.texts.values())]
    return found


def prompt_keys(*, tenant: Tenant) -> set[str]:
    return set(prompt_files.standard_files()) | set(Prompt.objects.of(tenant).values_list("key", flat=True))


def prompt_wav(*, tenant: Tenant, key: str, language: str) -> bytes:
    """Return a prompt as a WAV file. Raises ``NotFound``."""
    is_own = Prompt.objects.of(tenant).filter(key=key, language=language).exists()
    find = prompt_files.company_file(tenant.pk, key, language) if is_own else prompt_files.standard_file(key, language)
    if not find.is_file():
        raise NotFound
    return audio.wav_from_alaw(find.read_bytes())


def engine_section(tenant: Tenant) -> dict[str, Any]:
    return {
        "flows": tuple(_published_flows(tenant)),
        "hours": tuple(
            HoursSetting(
                id=row.pk,
                name=row.name,
                weekly=tuple(_spans(day) for day in row.weekly),
                dates={date: _spans(spans) for date, spans in row.dates.items()},
                time_zone=row.time_zone,
            )
            for row in Hours.objects.of(tenant).order_by("pk")
        ),
        "prompts": tuple(_prompt_settings(tenant)),
    }


def _spans(day: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((begins, ends) for begins, ends in day)


def _published_flows(tenant: Tenant) -> list[FlowSetting]:
    versions = {(row.flow_id, row.version): row for row in FlowVersion.objects.of(tenant)}
    return [
        FlowSetting(
            id=flow.pk,
            version=flow.version,
            name=flow.name,
            graph=msgspec.Raw(msgspec.json.encode(versions[flow.pk, flow.version].graph)),
        )
        for flow in Flow.objects.of(tenant).filter(version__gt=0).order_by("pk")
    ]


def _prompt_settings(tenant: Tenant) -> list[PromptSetting]:
    files: dict[str, dict[str, Path]] = defaultdict(dict)
    for key, by_language in prompt_files.standard_files().items():
        files[key].update(by_language)
    for key, language in Prompt.objects.of(tenant).values_list("key", "language"):
        files[key][language] = prompt_files.company_file(tenant.pk, key, language)
    return [
        PromptSetting(key=key, files={language: str(file.with_suffix("")) for language, file in found.items()})
        for key, found in sorted(files.items())
    ]
