"""Starts, watches and stops the programs Zhiyin is made of, as one tree under one process.

``run.py`` is the order of things; ``postgres.py`` and ``asterisk/`` know the two foreign programs, ``processes.py``
knows children and signals, ``service_user.py`` gives up root. Nothing here knows calls, customers or Django.
"""
