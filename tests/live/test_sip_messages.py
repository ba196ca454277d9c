"""The SIP that the front itself says: ends of a dead node's calls, and a registration in a browser's name."""

from __future__ import annotations

import hashlib

from zhiyin.live.sip_messages import Dialogues, Registration, SipMessage, read_sip, user_of

INVITE = (
    "INVITE sip:x7@abc.invalid;transport=ws SIP/2.0\r\nVia: SIP/2.0/WS 10.0.0.11:7088;branch=z9hG4bKnode\r\n"
    "f: <sip:hotline@10.0.0.11>;tag=node\r\nTo: <sip:x7@abc.invalid>\r\ni: call-1\r\nCSeq: 41 INVITE\r\n\r\nv=0"
)
ANSWER = (
    "SIP/2.0 200 OK\r\nFrom: <sip:hotline@10.0.0.11>;tag=node\r\nTo: <sip:x7@abc.invalid>;tag=page\r\n"
    "Call-ID: call-1\r\nCSeq: 41 INVITE\r\n\r\n"
)


def message(text: str) -> SipMessage:
    read = read_sip(text)
    assert read is not None
    return read


def ends(dialogues: Dialogues, node: str) -> list[SipMessage]:
    return [message(text) for text in dialogues.take_ends(node)]


def test_a_talking_browser_is_told_goodbye_for_the_dead_node() -> None:
    dialogues = Dialogues()
    dialogues.note(message(INVITE), "a", is_from_node=True)
    dialogues.note(message(ANSWER), "a", is_from_node=False)
    assert dialogues.node_of(message(ANSWER)) == "a"
    assert ends(dialogues, "b") == []
    (bye,) = ends(dialogues, "a")
    assert bye.first == "BYE sip:x7@abc.invalid;transport=ws SIP/2.0"
    assert bye.headers["from"].endswith("tag=node")
    assert bye.headers["to"].endswith("tag=page")
    assert int(bye.headers["cseq"].split()[0]) > 41
    assert ends(dialogues, "a") == []
    assert dialogues.node_of(message(ANSWER)) is None


def test_a_ringing_browser_is_told_that_the_call_is_cancelled() -> None:
    """A CANCEL must have its INVITE's Via and number, or the browser does not know what it is about."""
    dialogues = Dialogues()
    dialogues.note(message(INVITE), "a", is_from_node=True)
    (cancel,) = ends(dialogues, "a")
    assert cancel.first.startswith("CANCEL sip:x7@")
    assert cancel.headers["via"] == message(INVITE).headers["via"]
    assert cancel.headers["cseq"] == "41 CANCEL"


def test_a_call_that_the_browser_made_is_ended_towards_the_browser() -> None:
    dialogues = Dialogues()
    dialogues.note(message(INVITE), "b", is_from_node=False)
    dialogues.note(message(ANSWER), "b", is_from_node=True)
    (bye,) = ends(dialogues, "b")
    assert (bye.headers["from"][-4:], bye.headers["to"][-4:]) == ("page", "node")


def test_a_call_that_is_over_is_not_ended_again() -> None:
    dialogues = Dialogues()
    dialogues.note(message(INVITE), "a", is_from_node=True)
    dialogues.note(message(ANSWER), "a", is_from_node=False)
    dialogues.note(
        message(ANSWER.replace("SIP/2.0 200 OK", "BYE sip:x SIP/2.0").replace("INVITE", "BYE")), "a", is_from_node=False
    )
    assert ends(dialogues, "a") == []


def test_a_registration_answers_the_nodes_challenge() -> None:
    """RFC 2617 with qop=auth, computed here again from its parts."""
    registration = Registration("b1-5-x", "s3cret", "zhiyin.invalid", "<sip:x7@abc.invalid;transport=ws>", 120)
    first = message(registration.request())
    challenge = message(
        'SIP/2.0 401 Unauthorized\r\nCSeq: 1 REGISTER\r\nWWW-Authenticate: Digest realm="asterisk",nonce="17/ab",'
        'opaque="0f",algorithm=MD5,qop="auth"\r\n\r\n'
    )
    second = message(registration.request(challenge))
    said = dict(
        part.strip().split("=", 1) for part in second.headers["authorization"].removeprefix("Digest ").split(", ")
    )
    said = {name: value.strip('"') for name, value in said.items()}

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    wanted = md5(
        f"{md5('b1-5-x:asterisk:s3cret')}:17/ab:00000001:{said['cnonce']}:auth:{md5('REGISTER:sip:zhiyin.invalid')}"
    )
    assert said["response"] == wanted
    assert (said["opaque"], first.call_id) == ("0f", second.call_id)
    assert (first.headers["cseq"], second.headers["cseq"]) == ("1 REGISTER", "2 REGISTER")
    assert user_of(first.headers["to"]) == "b1-5-x"


def test_a_keep_alive_is_no_message() -> None:
    assert read_sip("\r\n\r\n") is None
