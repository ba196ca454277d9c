"""Queues (技能组) and their members, not-ready reasons, dispositions (业务分类)."""
