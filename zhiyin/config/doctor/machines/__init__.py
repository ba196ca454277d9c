"""``zhiyin doctor`` and ``status`` for an installation of several machines: ask every part from here, judge, tell.

``look`` asks and judges nothing; everything else is given what it saw, so that each fault can be planted in a test.
"""
