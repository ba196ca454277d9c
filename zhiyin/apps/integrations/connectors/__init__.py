"""Connectors: other systems that hold customers, each behind the same port.

``port`` says what a kind must do, ``kinds`` which there are, one module each; ``work`` does what is due and knows none
of them. A kind must not touch the database: it is given what it needs and answers with values.
"""
