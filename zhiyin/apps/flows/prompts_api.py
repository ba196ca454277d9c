"""HTTP of prompts: administration alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, Status, UploadedFile
from pydantic import StringConstraints

from zhiyin.apps.flows import audio, prompt_library, prompts
from zhiyin.apps.flows.errors import BadAudio
from zhiyin.apps.flows.models import PromptVersion
from zhiyin.apps.flows.prompt_library import PromptEntry
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_entries
from zhiyin.apps.rest.schemas import ListIn, Page, problems

prompts_router = Router(tags=["prompts"], auth=Needs("admin"))

MAX_PROMPT_BYTES = 30_000_000
PromptKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Language = Literal["zh", "en"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]

COLUMNS = {
    "key": ("名称", "Name"),
    "texts.zh": ("中文内容", "Chinese words"),
    "sources.zh": ("中文来源", "Chinese source"),
    "durations_s.zh": ("中文时长（秒）", "Chinese length (s)"),
    "texts.en": ("英文内容", "English words"),
    "sources.en": ("英文来源", "English source"),
    "durations_s.en": ("英文时长（秒）", "English length (s)"),
    "used_by": ("用在", "Used by"),
    "changed_at": ("修改时间", "Changed"),
}


class PromptUseOut(Schema):
    """``kind``: flow (in force), draft (of a flow), queue (its overflow), system (without ``id`` and ``name``)."""

    kind: Literal["flow", "draft", "queue", "system"]
    id: int | None
    name: str


class PromptOut(Schema):
    key: str
    is_standard: bool
    #: by language; ``sources``: standard, uploaded, recorded or spoken
    texts: dict[str, str]
    sources: dict[str, str]
    durations_s: dict[str, float]
    #: languages in which callers would hear another one instead
    missing: list[str]
    uses: list[PromptUseOut]
    used_by: list[str]
    #: when the newest sound of the company's own was made
    changed_at: datetime | None


class PromptPage(Page[PromptOut]):
    pass


class PromptVersionOut(Schema):
    id: int
    language: str
    number: int
    is_in_force: bool
    text: str
    source: Literal["uploaded", "recorded", "spoken"]
    duration_s: float
    #: how loud what is said came; null: made by our own voice
    came_dbfs: float | None
    #: by how much it was raised (or, negative, lowered) to the level of all prompts
    gain_db: float | None
    #: silence cut off its ends
    cut_s: float
    made_at: datetime
    made_by: str

    @staticmethod
    def resolve_gain_db(row: PromptVersion) -> float | None:
        return None if row.came_dbfs is None else round(audio.LEVEL_DBFS - row.came_dbfs, 1)


class PromptDetailOut(PromptOut):
    """``versions``: the newest first."""

    versions: list[PromptVersionOut]


class PromptListIn(ListIn):
    """``state`` missing: some language has no sound; numbers: the parts that numbers are spoken from, which ``numbers``
    false leaves out of all the others."""

    state: Literal["", "own", "unused", "missing", "numbers"] = ""
    numbers: bool = True


class PromptUploadIn(Schema):
    """``text``: what is said in it; ``source`` recorded: made in the browser."""

    key: PromptKey
    language: Language
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    source: Literal["uploaded", "recorded"] = "uploaded"


class SpeakIn(Schema):
    texts: dict[Language, Text] = Field(min_length=1)


def _shape(entries: Sequence[PromptEntry]) -> list[PromptOut]:
    return [PromptOut.from_orm(entry) for entry in entries]


def _detail(request: TenantRequest, key: str) -> PromptDetailOut:
    tenant = request.actor.tenant
    entry = PromptOut.from_orm(prompt_library.get_entry(tenant=tenant, key=key))
    versions = [PromptVersionOut.from_orm(row) for row in prompt_library.versions_of(tenant=tenant, key=key)]
    return PromptDetailOut(**entry.dict(), versions=versions)


@prompts_router.get("", operation_id="listPrompts", response={200: PromptPage, **problems(400)})
def list_prompts(request: TenantRequest, listing: Query[PromptListIn]) -> Any:
    """The prompt library: the product's own and the company's, and who says each."""
    entries = prompt_library.list_entries(
        tenant=request.actor.tenant, search=listing.search, state=listing.state, has_numbers=listing.numbers
    )
    return answer_entries(
        request,
        entries,
        listing,
        key=lambda entry: entry.key,
        sortable={
            "key": lambda entry: entry.key,
            "changed_at": lambda entry: entry.changed_at.timestamp() if entry.changed_at else 0.0,
            "uses": lambda entry: len(entry.uses),
        },
        default_sort="key",
        shape=_shape,
        columns=COLUMNS,
    )


@prompts_router.post("", operation_id="uploadPrompt", response={201: PromptDetailOut, **problems(400, 503)})
def upload_prompt(
    request: TenantRequest,
    form: Form[PromptUploadIn],
    file: File[UploadedFile],
) -> Any:
    """Replace or add a prompt by a file of sound: MP3, M4A, WAV, Ogg, WebM, FLAC and other usual ones.

    It is brought to the line's quality and to the level of all prompts; the version before stays and can be put back.
    """
    if file.size is None or file.size > MAX_PROMPT_BYTES:
        raise BadAudio("sound_too_large", "The file is larger than 30 MB.")
    prompts.take_recording(
        actor=request.actor,
        **form.dict(),
        content=file.read(),
        now=timezone.now(),
    )
    return Status(201, _detail(request, form.key))


@prompts_router.get("/{key}", operation_id="getPrompt", response={200: PromptDetailOut, **problems(404)})
def get_prompt(request: TenantRequest, key: PromptKey) -> Any:
    """One prompt: its sounds, who says it, its versions."""
    return _detail(request, key)


@prompts_router.post("/{key}/speak", operation_id="speakPrompt", response={200: PromptDetailOut, **problems(400, 503)})
def speak_prompt(request: TenantRequest, key: PromptKey, body: SpeakIn) -> Any:
    """Let the product's voice say a prompt."""
    texts = {str(language): text for language, text in body.texts.items()}
    prompts.speak_prompt(actor=request.actor, key=key, texts=texts, now=timezone.now())
    return _detail(request, key)


@prompts_router.post(
    "/{key}/versions/{int:prompt_version_id}/put-back",
    operation_id="putBackPromptVersion",
    response={200: PromptDetailOut, **problems(404)},
)
def put_back_version(request: TenantRequest, key: PromptKey, prompt_version_id: int) -> Any:
    """Let callers hear an older version again."""
    prompts.put_back_version(actor=request.actor, key=key, version_id=prompt_version_id)
    return _detail(request, key)


@prompts_router.delete("/{key}", operation_id="removePrompt", response={204: None, **problems(404, 409)})
def remove_prompt(request: TenantRequest, key: PromptKey) -> Any:
    """Take the company's own prompt out of force; a standard one is heard again, and its versions stay."""
    prompts.remove_prompt(actor=request.actor, key=key)
    return Status(204, None)


_WAV: dict[str, Any] = {
    "responses": {
        200: {"description": "WAV", "content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}}
    }
}


@prompts_router.get(
    "/{key}/versions/{int:prompt_version_id}.wav",
    operation_id="getPromptVersionAudio",
    response={**problems(404)},
    openapi_extra=_WAV,
)
def get_version_audio(request: TenantRequest, key: PromptKey, prompt_version_id: int) -> HttpResponse:
    """A version to listen to."""
    wav = prompt_library.version_wav(tenant=request.actor.tenant, key=key, version_id=prompt_version_id)
    return _sound(wav)


@prompts_router.get(
    "/{key}/{language}.wav", operation_id="getPromptAudio", response={**problems(404)}, openapi_extra=_WAV
)
def get_prompt_audio(request: TenantRequest, key: PromptKey, language: Language) -> HttpResponse:
    """A prompt to listen to, as callers hear it now."""
    return _sound(prompt_library.prompt_wav(tenant=request.actor.tenant, key=key, language=language))


def _sound(wav: bytes) -> HttpResponse:
    return HttpResponse(wav, content_type="audio/wav", headers={"Cache-Control": "private, no-cache"})
