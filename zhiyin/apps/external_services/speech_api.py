"""HTTP of speech: who speaks and hears in each language, how it went, and trying either. Administration alone."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Router, Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.external_services import speech
from zhiyin.apps.external_services.schemas import Language
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems

router = Router(tags=["external services"], auth=Needs("admin"))

Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class SpeakerOut(Schema):
    """Who serves a language. ``service_id`` null: the installation itself. Counts since the engine began; ``cause``: of
    the last failure."""

    kind: Literal["synthesis", "recognition"]
    language: Language
    service_id: int | None
    service_name: str
    succeeded_at: datetime | None
    failed_at: datetime | None
    cause: str
    successes: int
    failures: int


class SpeechOut(Schema):
    """``is_known``: the engine could be asked how it went."""

    items: list[SpeakerOut]
    is_known: bool


class SayIn(Schema):
    """``service_id``: by this service alone, 0 by the own voice, null as a flow would."""

    text: str = Field(min_length=1, max_length=100)
    language: Language = "zh"
    service_id: int | None = Field(default=None, ge=0, lt=2**53)


class SpokenTextOut(Schema):
    """``cause``: why it failed, or why the company's own service was of no use. ``sound``: a WAV file in base64."""

    outcome: Literal["found", "failed"]
    cause: str
    duration_ms: int
    sound: str


class UnderstandIn(Schema):
    """``sound``: a WAV file in base64, one channel, 16 bits, 8000 samples a second, 20 s at most. ``phrases``: what is
    likely said; the installation's own hearing knows nothing else."""

    sound: str = Field(min_length=1, max_length=speech.MOST_SOUND_SIGNS)
    language: Language = "zh"
    service_id: int | None = Field(default=None, ge=0, lt=2**53)
    phrases: list[Phrase] = Field(default=[], max_length=20)


class UnderstoodOut(Schema):
    outcome: Literal["found", "failed"]
    cause: str
    duration_ms: int
    text: str


def _shape(each: speech.Speaker) -> SpeakerOut:
    told = {name: getattr(each.state, name) for name in ("succeeded_at", "failed_at", "cause", "successes", "failures")}
    known = {"kind": each.kind, "language": each.language, "service_id": each.service or None}
    return SpeakerOut.model_validate({**known, "service_name": each.name, **told})


@router.get("", operation_id="getSpeech", response={200: SpeechOut, **problems()})
def get_speech(request: TenantRequest) -> Any:
    """Who speaks and who hears in each language, and how it went since the engine began."""
    found, is_known = speech.speakers(request.actor.tenant)
    return SpeechOut(
        is_known=is_known,
        items=[_shape(each) for each in found],
    )


@router.post("/say", operation_id="sayText", response={200: SpokenTextOut, **problems(400, 404, 409, 503)})
def say_text(request: TenantRequest, body: SayIn) -> Any:
    """Hear how a text is said."""
    return speech.say(actor=request.actor, **body.dict())


@router.post(
    "/understand", operation_id="understandSound", response={200: UnderstoodOut, **problems(400, 404, 409, 503)}
)
def understand_sound(request: TenantRequest, body: UnderstandIn) -> Any:
    """See what is understood of a sound; it is kept nowhere."""
    return speech.understand(actor=request.actor, **body.dict())
