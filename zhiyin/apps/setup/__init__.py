"""A company's beginning: made by the wizard or as the demo, its own settings, and the demo's removal."""
