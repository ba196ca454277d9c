"""Refusals about keys and what other systems may do with them."""

from __future__ import annotations

from zhiyin.apps.refusals import Invalid, Malformed, NotAllowed, NotFound, NotLoggedIn, TooMany


class UnknownKey(NotFound):
    """No such key, or it is another company's."""


class UnknownWebhook(NotFound):
    """No such webhook, or it is another company's."""


class UnknownDelivery(NotFound):
    """No such delivery, or it is another company's, or it was too old to be kept."""


class UnknownEvent(Invalid):
    code = "unknown_event"
    title = "There are no such events. GET /api/webhooks/events lists those there are."


class UnknownInbound(NotFound):
    """No such inbound address, or it is another company's, or it is switched off."""


class UnknownConnector(NotFound):
    """No such connector, or it is another company's."""


class UnknownConnectorTask(NotFound):
    """No such task, or it is another company's, or it was too old to be kept."""


class SecretNeeded(Invalid):
    code = "secret_needed"
    title = "A key is only sent to the address that it was typed for: type it again with the new address."


class BadScreenAddress(Invalid):
    """A template that no browser shall be led to."""


class BadEmbeddingOrigin(Invalid):
    """No origin that a company can trust."""


class NotBelieved(NotLoggedIn):
    """The sender of a message did not prove itself; the log remembers that somebody tried."""

    code = "bad_signature"
    title = "The signature is not right."
    keeps_writes = True


class BadMessage(Malformed):
    """What came in cannot be used."""

    code = "bad_message"
    title = "The message is not JSON in UTF-8, or holds what no text can."


class BadMapping(Invalid):
    code = "bad_mapping"
    title = "A mapping names a value by JSON pointer (/buyer/name) and a field that customers have, each field once."


class BadKey(NotLoggedIn):
    code = "bad_key"
    title = "This API key does not exist. Copy it again, or have an administrator make a new one."


class KeyExpired(NotLoggedIn):
    code = "key_expired"
    title = "This API key has expired. An administrator can extend it or make a new one."


class KeyRevoked(NotLoggedIn):
    code = "key_revoked"
    title = "This API key was revoked. Have an administrator make a new one."


class AddressNotAllowed(NotAllowed):
    """The key is right, but may not be used from here; ``facts`` say which address was seen."""

    code = "address_not_allowed"
    title = "This API key may not be used from this address. An administrator can add it to the key."


class TooManyCalls(TooMany):
    """The key's calls of this minute are used up."""

    code = "too_many_requests"
    title = "This API key calls too often. Wait as long as Retry-After says."

    def __init__(self, *, wait_s: int) -> None:
        super().__init__(facts={"wait_s": wait_s})


class RightsBeyond(Invalid):
    """Nobody gives a key more than they have themselves."""

    code = "rights_beyond_own"
    title = "A key cannot have rights that you do not have yourself."
