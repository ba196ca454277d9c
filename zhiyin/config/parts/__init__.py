"""The parts of an installation on machines of their own: one file that describes it, and a command for each part.

``zhiyin run`` (``supervisor/``) is the same on one machine and needs nothing of this.
"""
