"""The few ARI messages that the adapter reads, as Asterisk 22 writes them. Fields that nobody reads are left out."""

from __future__ import annotations

import msgspec


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """``timestamp``: when Asterisk made it, by its own clock: "2026-11-23T07:26:41.414+0000"."""

    timestamp: str = ""


class Attribute(msgspec.Struct, frozen=True):
    attribute: str
    value: str


class Fields(msgspec.Struct, frozen=True):
    """An object of the dynamic configuration, as it is put."""

    fields: tuple[Attribute, ...]


class Variables(msgspec.Struct, frozen=True):
    """What a channel is given as it is made."""

    variables: dict[str, str]


class CallerId(msgspec.Struct, frozen=True):
    name: str = ""
    number: str = ""


class Dialplan(msgspec.Struct, frozen=True):
    """Where a channel stands in the dialplan. In our application: ``app_name`` "Stasis", ``app_data`` its arguments."""

    exten: str = ""
    app_name: str = ""
    app_data: str = ""


class Channel(msgspec.Struct, frozen=True):
    """``state``: "Down", "Ring" (rings us), "Ringing" (rings there), "Up" and others that do not concern us."""

    id: str
    name: str
    state: str
    caller: CallerId = CallerId()
    dialplan: Dialplan = Dialplan()


class Bridge(msgspec.Struct, frozen=True):
    id: str
    channels: tuple[str, ...] = ()


class Playback(msgspec.Struct, frozen=True):
    """``state``: "queued", "playing", "continuing", "done", "failed"; ``target_uri`` is "channel:<id>"."""

    id: str
    target_uri: str
    state: str


class Endpoint(msgspec.Struct, frozen=True):
    """``state``: "online", "offline" or "unknown"."""

    technology: str
    resource: str
    state: str = "unknown"


class Application(msgspec.Struct, frozen=True):
    channel_ids: tuple[str, ...] = ()


class Variable(msgspec.Struct, frozen=True):
    value: str = ""


class RtpStatistics(msgspec.Struct, frozen=True):
    rxcount: int = 0


class AsteriskStatus(msgspec.Struct, frozen=True):
    startup_time: str = ""


class AsteriskSystem(msgspec.Struct, frozen=True):
    version: str = ""


class AsteriskInfo(msgspec.Struct, frozen=True):
    status: AsteriskStatus = AsteriskStatus()
    system: AsteriskSystem = AsteriskSystem()


class Failure(msgspec.Struct, frozen=True):
    """The body of a refused request; Asterisk uses either field."""

    message: str = ""
    error: str = ""


class RESTResponse(_Message, frozen=True):
    request_id: str
    status_code: int
    reason_phrase: str = ""
    message_body: str = ""


class StasisStart(_Message, frozen=True):
    args: tuple[str, ...]
    channel: Channel


class StasisEnd(_Message, frozen=True):
    channel: Channel


class ChannelDestroyed(_Message, frozen=True):
    """``cause`` is a Q.850 number, ``tech_cause`` the SIP status where there was one."""

    cause: int
    channel: Channel
    tech_cause: int | None = None


class ChannelStateChange(_Message, frozen=True):
    channel: Channel


class ChannelDtmfReceived(_Message, frozen=True):
    digit: str
    channel: Channel


class ChannelTalkingStarted(_Message, frozen=True):
    channel: Channel


class ChannelTalkingFinished(_Message, frozen=True):
    channel: Channel


class ChannelHold(_Message, frozen=True):
    channel: Channel


class ChannelUnhold(_Message, frozen=True):
    channel: Channel


class RequestedDestination(msgspec.Struct, frozen=True):
    destination: str = ""


class ReferTo(msgspec.Struct, frozen=True):
    """``destination_channel``: the telephone's other call, in a REFER with Replaces."""

    requested_destination: RequestedDestination = RequestedDestination()
    destination_channel: Channel | None = None


class ReferredBy(msgspec.Struct, frozen=True):
    source_channel: Channel


class ChannelTransfer(_Message, frozen=True):
    """A REFER came, and (``state`` set) what it was answered since."""

    refer_to: ReferTo
    referred_by: ReferredBy
    state: str | None = None


class PlaybackFinished(_Message, frozen=True):
    playback: Playback


class EndpointStateChange(_Message, frozen=True):
    endpoint: Endpoint


class ApplicationReplaced(_Message, frozen=True):
    """Another connection took over our application: another engine runs on this Asterisk."""


Event = (
    StasisStart
    | StasisEnd
    | ChannelDestroyed
    | ChannelStateChange
    | ChannelDtmfReceived
    | ChannelTalkingStarted
    | ChannelTalkingFinished
    | ChannelHold
    | ChannelUnhold
    | ChannelTransfer
    | PlaybackFinished
    | EndpointStateChange
    | ApplicationReplaced
)
Message = RESTResponse | Event


class Kind(msgspec.Struct, frozen=True):
    """Only the type, for a message that is not among ours."""

    type: str = ""


class EventType(msgspec.Struct, frozen=True):
    type: str


class EventFilter(msgspec.Struct, frozen=True):
    allowed: tuple[EventType, ...]


class RESTRequest(msgspec.Struct, frozen=True, tag_field="type", tag="RESTRequest", omit_defaults=True):
    transaction_id: str
    request_id: str
    method: str
    uri: str
    content_type: str = ""
    message_body: str = ""
