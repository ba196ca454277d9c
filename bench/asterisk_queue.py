"""The reference: the same Asterisk with its own app_queue, recorded by MixMonitor, agents as queue members."""

from __future__ import annotations

from pathlib import Path

from bench.many_queues import Layout
from zhiyin.config.supervisor.asterisk import AsteriskInstall


def configure(conf: Path, install: AsteriskInstall, *, layout: Layout, agents_port: int, recordings: Path) -> None:
    """Change a generated configuration into the reference's: static members, no engine."""
    if not (install.modules / "app_queue.so").exists():
        raise FileNotFoundError("app_queue.so: remove .dev/bench-parts and run the bench again")
    modules = conf / "modules.conf"
    modules.write_text(modules.read_text() + "load = app_queue.so\n")
    (conf / "queues.conf").write_text(
        "[general]\npersistentmembers=no\nautofill=yes\n"
        + "".join(_queue(layout, queue) for queue in range(layout.queues))
    )
    (conf / "extensions.conf").write_text(
        "[direct]\n"
        + "".join(
            f"exten = {number},1,Answer()\n"
            f" same = n,MixMonitor({recordings}/${{UNIQUEID}}.raw,D)\n"
            f" same = n,Queue(hotline{queue},c,,,120)\n same = n,Hangup()\n"
            for queue, number in enumerate(layout.numbers)
        )
        + "[telephone]\n"
    )
    endpoints = "".join(
        f"[agent{number:04d}]\ntype=endpoint\ncontext=telephone\ndisallow=all\nallow=alaw\ndirect_media=no\n"
        f"aors=agent{number:04d}\nsend_connected_line=no\n[agent{number:04d}]\ntype=aor\n"
        f"contact=sip:agent{number:04d}@127.0.0.1:{agents_port}\nqualify_frequency=0\n"
        for number in range(1, layout.agents + 1)
    )
    pjsip = conf / "pjsip.conf"
    pjsip.write_text(pjsip.read_text() + endpoints)
    logger = conf / "logger.conf"
    logger.write_text("[general]\nqueue_log=yes\n[logfiles]\nmessages => warning,error\n")


def _queue(layout: Layout, queue: int) -> str:
    members = "".join(f"member => PJSIP/agent{number:04d}\n" for number in layout.members_of(queue))
    return (
        f"[hotline{queue}]\nstrategy=leastrecent\nmusicclass=default\ntimeout=20\n"
        f"retry=1\nringinuse=no\nwrapuptime=0\nautopause=no\njoinempty=yes\nleavewhenempty=no\n{members}"
    )
