"""``zhiyin reconcile`` (对账): reads the log, the tables, Asterisk and the recordings, and says what does not add up.

An auditor, so it shares nothing with those it audits: SQL of its own, small logic of its own, events as plain JSON.
Nothing here may use the engine, the projector or ``domain``; an import contract holds that.
"""
