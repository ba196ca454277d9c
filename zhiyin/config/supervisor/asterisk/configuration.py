"""Writes the folder Asterisk runs from: its configuration, complete and self-contained, and its working folders.

Everything is generated at each start and never edited by hand. SIP identities, trunks and telephones are not here:
the engine makes them at run time in Asterisk's memory (see docs/decisions on dynamic identities).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zhiyin.config.supervisor.asterisk import dialplan, sip
from zhiyin.config.supervisor.asterisk.modules import MODULES, PRELOADED
from zhiyin.config.supervisor.asterisk.provision import AsteriskInstall
from zhiyin.config.supervisor.networks import LocalAddress
from zhiyin.contracts.environment import Encryption
from zhiyin.engine.adapters.asterisk.security_watch import SECURITY_USER


@dataclass(frozen=True, slots=True)
class HttpsServer:
    """Asterisk's HTTP server for other machines, in the private network."""

    host: str
    port: int
    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class AsteriskSettings:
    """What differs between installations. Ports are UDP and TCP; ``rtp_ports`` is inclusive.

    ``host`` is the address SIP listens on; ``public_address`` the one the outside sees when a router stands between
    (``local_addresses`` then tell which peers are on this side of it).
    """

    host: str
    sip_port: int
    rtp_ports: tuple[int, int]
    http_port: int
    #: the manager's own TCP port cannot be switched off while it serves HTTP; nobody uses it, it is bound to loopback
    manager_port: int
    ari_user: str
    ari_password: str = field(repr=False)
    ami_user: str
    ami_password: str = field(repr=False)
    #: hold music, a folder of sound files
    music: Path
    public_address: str | None = None
    local_addresses: tuple[LocalAddress, ...] = ()
    tls_cert: Path | None = None
    tls_key: Path | None = None
    encryption: Encryption = Encryption.OFFERED
    #: one of several: its name stands in its channels' ids, so that they are unique among all
    node: str = ""
    #: where ARI, the manager and browsers' SIP are served to other machines, beside loopback
    https: HttpsServer | None = None
    #: whose SIP a node takes, addresses or networks: the edge's, and the fronts' for browsers; empty: anybody's
    sip_peers: tuple[str, ...] = ()

    @property
    def has_certificate(self) -> bool:
        """Whether SIP is spoken over TLS too."""
        return bool(self.tls_cert and self.tls_key)

    @property
    def audio_ports(self) -> tuple[int, int]:
        """The range's first part; fax over IP takes the rest."""
        first, last = self.rtp_ports
        return first, last - self._fax_count

    @property
    def fax_ports(self) -> tuple[int, int]:
        last = self.rtp_ports[1]
        return last - self._fax_count + 1, last

    @property
    def _fax_count(self) -> int:
        first, last = self.rtp_ports
        return max(2, (last - first + 1) // 16 // 2 * 2)


@dataclass(frozen=True, slots=True)
class AsteriskFolder:
    """Where one Asterisk lives; all below ``path`` but the control socket, whose path must be short."""

    path: Path
    #: holds ``asterisk.ctl``; a unix socket's path has at most 107 bytes
    run: Path

    @property
    def main_file(self) -> Path:
        return self.path / "conf" / "asterisk.conf"

    @property
    def control_socket(self) -> Path:
        return self.run / "asterisk.ctl"

    def argv(self, install: AsteriskInstall) -> tuple[str, ...]:
        """The foreground program, without console colours and without forking."""
        return (*install.argv, "-f", "-n", "-C", str(self.main_file))

    def console_argv(self, install: AsteriskInstall, command: str) -> tuple[str, ...]:
        """A console command to the running one."""
        return (*install.argv, "-C", str(self.main_file), "-rx", command)


def write_configuration(*, install: AsteriskInstall, folder: AsteriskFolder, settings: AsteriskSettings) -> None:
    """Write every configuration file anew and make the working folders. Files are readable by the owner only."""
    conf = folder.path / "conf"
    for name in ("conf", "lib/keys", "spool/recording", "spool/tmp", "spool/monitor", "log", "cache"):
        (folder.path / name).mkdir(parents=True, exist_ok=True)
    folder.run.mkdir(parents=True, exist_ok=True)
    files = {
        "asterisk.conf": _asterisk_conf(install, folder, settings),
        "extensions.conf": dialplan.extensions_conf(),
        "pjsip.conf": sip.pjsip_conf(settings),
        "sorcery.conf": sip.SORCERY_CONF,
        "rtp.conf": _rtp_conf(settings),
        **_access_files(settings),
        **_plain_files(settings),
    }
    for stale in conf.glob("*.conf"):
        if stale.name not in files:
            stale.unlink()
    for name, text in files.items():
        path = conf / name
        path.touch(mode=0o600)
        path.write_text("; Generated at every start; changes here are lost.\n" + text)


def _asterisk_conf(install: AsteriskInstall, folder: AsteriskFolder, settings: AsteriskSettings) -> str:
    home = folder.path
    name = f"systemname = {settings.node}\n" if settings.node else ""
    return f"""
[directories]
astetcdir => {home}/conf
astmoddir => {install.modules}
astvarlibdir => {home}/lib
astdbdir => {home}/lib
astkeydir => {home}/lib
astdatadir => {install.data}
astagidir => {home}/lib
astspooldir => {home}/spool
astrundir => {folder.run}
astlogdir => {home}/log
astcachedir => {home}/cache
[options]
verbose = 0
nocolor = yes
dontwarn = yes
defaultlanguage = en
documentation_language = en_US
hideconnect = yes
maxfiles = 60000
transmit_silence = yes
cache_record_files = no
live_dangerously = no
{name}"""


def _access_files(settings: AsteriskSettings) -> Mapping[str, str]:
    """HTTP, ARI and manager: on loopback, or by TLS for our own parts; ``live`` alone lets browsers to ``/ws``."""
    https = ""
    if settings.https:
        server = settings.https
        https = f"""tlsenable = yes
tlsbindaddr = {server.host}:{server.port}
tlscertfile = {server.certificate}
tlsprivatekey = {server.key}
"""
    return {
        "http.conf": f"""
[general]
enabled = yes
bindaddr = 127.0.0.1
bindport = {settings.http_port}
enable_static = no
sessionlimit = 10000
session_inactivity = 30000
session_keep_alive = 60000
{https}""",
        "ari.conf": f"""
[general]
enabled = yes
pretty = no
websocket_write_timeout = 1000
[{settings.ari_user}]
type = user
password = {settings.ari_password}
password_format = plain
read_only = no
""",
        "manager.conf": f"""
[general]
enabled = yes
webenabled = yes
bindaddr = 127.0.0.1
port = {settings.manager_port}
httptimeout = 3600
displayconnects = no
timestampevents = no
disabledevents = {",".join(_MANAGER_EVENTS_OF_CALLS)}
[{settings.ami_user}]
secret = {settings.ami_password}
read =
write = call,system
[{SECURITY_USER}]
secret = {settings.ami_password}
read = security
write =
eventfilter(name(ChallengeSent),action(exclude)) =
eventfilter(name(SuccessfulAuth),action(exclude)) =
""",
    }


def _rtp_conf(settings: AsteriskSettings) -> str:
    first, last = settings.audio_ports
    lines = ["[general]", f"rtpstart = {first}", f"rtpend = {last}", "icesupport = yes", "strictrtp = yes"]
    if settings.public_address:
        lines.append("[ice_host_candidates]")
        lines += [
            f"{local.address} => {settings.public_address},include_local_address"
            for local in settings.local_addresses
            if not ipaddress.ip_address(local.address).is_loopback and local.address != settings.public_address
        ]
    return "\n".join(lines) + "\n"


def _plain_files(settings: AsteriskSettings) -> Mapping[str, str]:
    first_fax, last_fax = settings.fax_ports
    loaded = "".join(f"load = {name}\n" for name in MODULES if name != PRELOADED)
    empty = ("acl", "ccss", "cel", "cli", "cli_aliases", "cli_permissions", "codecs", "dsp", "extconfig", "features")
    return {
        **{f"{name}.conf": "[general]\n" if name in {"cel", "features"} else "" for name in empty},
        "modules.conf": f"[modules]\nautoload = no\npreload = {PRELOADED}\n{loaded}",
        "logger.conf": "[general]\ndateformat = %F %T.%3q\nqueue_log = no\n[logfiles]\nconsole => warning,error\n",
        "cdr.conf": "[general]\nenable = no\n",
        "musiconhold.conf": f"[default]\nmode = files\ndirectory = {settings.music}\nsort = alpha\n",
        "udptl.conf": f"[general]\nudptlstart = {first_fax}\nudptlend = {last_fax}\n",
        "stasis.conf": _STASIS_CONF,
        "indications.conf": _INDICATIONS,
        "pjproject.conf": "",
        "websocket_client.conf": "",
    }


# The manager queues every event for every login, and wakes each that waits, before it looks at what that login may
# read: without this a call would wake the security watch some fifty times.
_MANAGER_EVENTS_OF_CALLS = (
    *("Newchannel", "Newstate", "Newexten", "NewCallerid", "NewConnectedLine", "NewAccountCode"),
    *("Hangup", "HangupRequest", "SoftHangupRequest", "HangupHandlerPush", "HangupHandlerRun", "HangupHandlerPop"),
    *("DialBegin", "DialEnd", "DialState", "Hold", "Unhold", "DTMFBegin", "DTMFEnd", "Flash", "Wink"),
    *("BridgeCreate", "BridgeDestroy", "BridgeEnter", "BridgeLeave", "BridgeMerge"),
    *("MusicOnHoldStart", "MusicOnHoldStop", "MixMonitorStart", "MixMonitorStop", "MixMonitorMute"),
    *("ChanSpyStart", "ChanSpyStop", "VarSet", "RTCPSent", "RTCPReceived"),
    *("DeviceStateChange", "PeerStatus", "ContactStatus", "ChallengeSent", "SuccessfulAuth"),
)

# Asterisk writes each message out as JSON for every application before its event filter drops it, and for the manager
# beside. These nobody reads; of a call's messages, variables are the most. (What the manager itself listens to cannot
# be declined: Asterisk would not start.)
_STASIS_CONF = """
[declined_message_types]
decline = ast_channel_varset_type
decline = ast_rtp_rtcp_sent_type
decline = ast_rtp_rtcp_received_type
"""

# China's tones (YD/T 728): dial 450 Hz, ring 1 s in 5, busy 0.35 s, congestion 0.7 s.
_INDICATIONS = """
[general]
country = cn
[cn]
description = China
ringcadence = 1000,4000
dial = 450
busy = 450/350,0/350
ring = 450/1000,0/4000
congestion = 450/700,0/700
callwaiting = 450/400,0/4000
dialrecall = 450
record = 950/400,0/10000
info = 450/100,0/100,450/100,0/100,450/100,0/100,450/400,0/400
"""
