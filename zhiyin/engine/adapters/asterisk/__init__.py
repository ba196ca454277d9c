"""The only place that knows Asterisk: ``AsteriskTelephony`` does what ``engine.ports.Telephony`` asks.

``client`` (ARI) and ``manager`` carry messages, ``messages`` names those we read, ``translate`` turns Asterisk's words
into the engine's, ``facts`` tells each once, ``stock`` finds what was missed, ``identities`` says which objects a
telephone or a trunk is and ``provisioning`` puts them, ``adapter`` puts all together.
"""

from zhiyin.engine.adapters.asterisk.adapter import AsteriskTelephony
from zhiyin.engine.adapters.asterisk.address import AsteriskAddress

__all__ = ["AsteriskAddress", "AsteriskTelephony"]
