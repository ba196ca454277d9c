"""The prompt library as it stands: the product's own prompts, over them the company's; who says each; its versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from zhiyin.apps.flows import audio, prompt_files
from zhiyin.apps.flows.models import Flow, FlowVersion, PromptVersion
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.snapshots import PromptSetting
from zhiyin.domain.announcements import NUMBER_PROMPTS, SYSTEM_PROMPTS
from zhiyin.domain.spoken_values import SPOKEN_PARTS

_SYSTEM, _NUMBERS = frozenset(SYSTEM_PROMPTS), frozenset((*NUMBER_PROMPTS, *SPOKEN_PARTS))


@dataclass(frozen=True, slots=True)
class PromptUse:
    """Who says a prompt. ``kind``: "flow" (in force), "draft" (of a flow), "queue" (its overflow), "system" (calls
    themselves: the place in line, callbacks, messages; without ``id`` and ``name``)."""

    kind: str
    id: int | None = None
    name: str = ""


@dataclass(slots=True)
class PromptEntry:
    """One prompt of the library, in every language it has."""

    key: str
    is_standard: bool
    texts: dict[str, str] = field(default_factory=dict)
    #: language -> "standard", "uploaded", "recorded" or "spoken"
    sources: dict[str, str] = field(default_factory=dict)
    durations_s: dict[str, float] = field(default_factory=dict)
    #: when the newest sound of the company's own was made
    changed_at: datetime | None = None
    uses: list[PromptUse] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """Languages in which callers would hear another one instead."""
        return [language for language in prompt_files.LANGUAGES if language not in self.sources]

    @property
    def is_own(self) -> bool:
        return any(source != "standard" for source in self.sources.values())

    @property
    def used_by(self) -> list[str]:
        return [use.name or use.kind for use in self.uses]


def list_entries(*, tenant: Tenant, search: str = "", state: str = "", has_numbers: bool = True) -> list[PromptEntry]:
    """Return the library by key. ``state``: "own", "unused", "missing" (in some language), "numbers"; "": all.

    ``has_numbers``: with the parts that numbers are spoken from; "numbers" are those alone.
    """
    uses = uses_of_prompts(tenant=tenant)
    found = []
    for entry in _library(tenant).values():
        entry.uses = uses.get(entry.key, [])
        is_shown = has_numbers or state == "numbers" or entry.key not in _NUMBERS
        if is_shown and _is_wanted(entry, search.lower(), state):
            found.append(entry)
    return sorted(found, key=lambda entry: entry.key)


def get_entry(*, tenant: Tenant, key: str) -> PromptEntry:
    """Return one prompt, also one of which there are old versions alone. Raises ``NotFound``."""
    entry = _library(tenant, key=key).get(key)
    if entry is None:
        if not versions_of(tenant=tenant, key=key).exists():
            raise NotFound
        entry = PromptEntry(key=key, is_standard=False)
    entry.uses = uses_of_prompts(tenant=tenant).get(key, [])
    return entry


def _library(tenant: Tenant, *, key: str | None = None) -> dict[str, PromptEntry]:
    texts = prompt_files.standard_texts()
    library: dict[str, PromptEntry] = {}
    for each, files in prompt_files.standard_files().items():
        if key not in (None, each):
            continue
        entry = library[each] = PromptEntry(key=each, is_standard=True, texts=dict(texts.get(each, {})))
        for language, file in files.items():
            entry.sources[language] = "standard"
            entry.durations_s[language] = round(file.stat().st_size / audio.LINE_RATE_HZ, 2)
    rows = in_force(tenant=tenant)
    for row in rows if key is None else rows.filter(key=key):
        entry = library.setdefault(row.key, PromptEntry(key=row.key, is_standard=False))
        entry.texts[row.language] = row.text or entry.texts.get(row.language, "")
        entry.sources[row.language] = row.source
        entry.durations_s[row.language] = row.duration_s
        entry.changed_at = max(row.made_at, entry.changed_at or row.made_at)
    return library


def _is_wanted(entry: PromptEntry, search: str, state: str) -> bool:
    if search and search not in entry.key and not any(search in text.lower() for text in entry.texts.values()):
        return False
    match state:
        case "own":
            return entry.is_own
        case "unused":
            return not entry.uses
        case "missing":
            return bool(entry.missing)
        case "numbers":
            return entry.key in _NUMBERS
        case _:
            return True


def in_force(*, tenant: Tenant) -> QuerySet[PromptVersion]:
    return PromptVersion.objects.of(tenant).filter(is_in_force=True)


def versions_of(*, tenant: Tenant, key: str) -> QuerySet[PromptVersion]:
    return PromptVersion.objects.of(tenant).filter(key=key).order_by("-made_at", "-pk")


def get_version(*, tenant: Tenant, key: str, version_id: int) -> PromptVersion:
    """Raises ``NotFound``."""
    row = versions_of(tenant=tenant, key=key).filter(pk=version_id).first()
    if row is None:
        raise NotFound
    return row


def prompt_keys(*, tenant: Tenant) -> set[str]:
    return set(prompt_files.standard_files()) | set(in_force(tenant=tenant).values_list("key", flat=True))


def voices(*, tenant: Tenant) -> dict[str, set[str]]:
    """Return in which languages each prompt can be heard."""
    found = {key: set(files) for key, files in prompt_files.standard_files().items()}
    for key, language in in_force(tenant=tenant).values_list("key", "language"):
        found.setdefault(key, set()).add(language)
    return found


def texts_of(*, tenant: Tenant, keys: Collection[str], language: str) -> dict[str, str]:
    """Return what prompts say in a language, as far as somebody wrote it down; the company's own before the product's.

    One statement.
    """
    standard = prompt_files.standard_texts()
    found = {key: text for key in keys if (text := standard.get(key, {}).get(language))}
    own = in_force(tenant=tenant).filter(key__in=keys, language=language).exclude(text="")
    return found | dict(own.values_list("key", "text"))


def seconds_of(*, tenant: Tenant) -> dict[str, float]:
    """Return how long each prompt is in the company's language, else in the one that it has."""
    found: dict[str, float] = {}
    for key, entry in _library(tenant).items():
        lengths = entry.durations_s
        found[key] = lengths.get(tenant.language, next(iter(lengths.values()), 0.0))
    return found


def uses_of_prompts(*, tenant: Tenant) -> dict[str, list[PromptUse]]:
    """Return who says which prompt: key -> flows, drafts, queues, the system."""
    found: dict[str, list[PromptUse]] = defaultdict(list)
    flows = list(Flow.objects.of(tenant).order_by("name"))
    graphs = dict(_graphs_in_force(tenant, flows))
    for flow in flows:
        said = _keys_in(graphs.get(flow.pk, {}))
        for key in said:
            found[key].append(PromptUse("flow", flow.pk, flow.name))
        for key in _keys_in(flow.draft) - said:
            found[key].append(PromptUse("draft", flow.pk, flow.name))
    for queue_id, name, keys in queues.prompts_of_queues(tenant=tenant):
        for key in keys:
            found[key].append(PromptUse("queue", queue_id, name))
    for key in _SYSTEM:
        found[key].append(PromptUse("system"))
    return found


def _graphs_in_force(tenant: Tenant, flows: list[Flow]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    version_of = {flow.pk: flow.version for flow in flows}
    for row in FlowVersion.objects.of(tenant).filter(flow_id__in=version_of):
        if row.version == version_of[row.flow_id]:
            yield row.flow_id, row.graph


def _keys_in(graph: Mapping[str, Any]) -> set[str]:
    """Return the prompts that a graph's nodes name, in rows too; a draft may hold anything."""
    configs = [node.get("config") for node in graph.get("nodes", ()) if isinstance(node, Mapping)]
    objects = [config for config in configs if isinstance(config, Mapping)]
    rows = [row for each in objects for found in each.values() if isinstance(found, list) for row in found]
    prompts = [each.get("prompt") for each in (*objects, *rows) if isinstance(each, Mapping)]
    keys = [prompt.get("key") for prompt in prompts if isinstance(prompt, Mapping)]
    return {key for key in keys if isinstance(key, str)}


def prompt_wav(*, tenant: Tenant, key: str, language: str) -> bytes:
    """Return a prompt as callers hear it now, as a WAV file. Raises ``NotFound``."""
    row = in_force(tenant=tenant).filter(key=key, language=language).first()
    return _wav(_file_of(row) if row is not None else prompt_files.standard_file(key, language))


def version_wav(*, tenant: Tenant, key: str, version_id: int) -> bytes:
    """Return one version as a WAV file. Raises ``NotFound``."""
    return _wav(_file_of(get_version(tenant=tenant, key=key, version_id=version_id)))


def _wav(file: Path) -> bytes:
    if not file.is_file():
        raise NotFound
    return audio.wav_from_alaw(file.read_bytes())


def _file_of(row: PromptVersion) -> Path:
    return prompt_files.company_file(row.tenant_id, row.language, row.sound)


def engine_prompts(tenant: Tenant) -> Iterator[PromptSetting]:
    """Yield each prompt with the files that the engine plays: a new version is another file, heard by the next call."""
    files: dict[str, dict[str, Path]] = defaultdict(dict)
    for key, by_language in prompt_files.standard_files().items():
        files[key].update(by_language)
    for row in in_force(tenant=tenant):
        files[row.key][row.language] = _file_of(row)
    for key, found in sorted(files.items()):
        yield PromptSetting(key=key, files={language: str(file.with_suffix("")) for language, file in found.items()})
