"""Asterisk as Zhiyin's telephone exchange: how it is found or unpacked, configured and started.

``provision_asterisk`` gives an ``AsteriskInstall``; ``write_configuration`` writes the folder it runs from,
``asterisk_program`` is how the supervisor runs it.
Asterisk is GPL-2 and always a process of its own. What is asked of it at run time is the engine's business.
"""

from zhiyin.config.supervisor.asterisk.configuration import AsteriskFolder, AsteriskSettings, write_configuration
from zhiyin.config.supervisor.asterisk.program import asterisk_program
from zhiyin.config.supervisor.asterisk.provision import AsteriskInstall, provision_asterisk

__all__ = [
    "AsteriskFolder",
    "AsteriskInstall",
    "AsteriskSettings",
    "asterisk_program",
    "provision_asterisk",
    "write_configuration",
]
