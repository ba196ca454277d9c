"""The product's own voice: standard prompts in Chinese and English, and hold music, made on the spot.

Nothing recorded is shipped: the words are spoken by espeak-ng (GPL-3, always a process of its own) and the music is
synthesised, so both are free to use. A company replaces any prompt by a recording of its own.
"""
