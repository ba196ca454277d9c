"""The product's own engine under a simulated world: virtual time, seeded people and seeded faults.

``history`` makes a history from a seed, ``stage`` plays it, ``books`` and ``scene`` check what came of it, ``shrink``
makes a failing one small. Nothing here is used by a running installation.
"""
