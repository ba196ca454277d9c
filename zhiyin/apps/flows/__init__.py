"""Automatic service as the company has it: flows and their versions, opening hours, prompts."""
