"""Every figure as a function of facts, facts as a function of events: one definition for board and report."""
