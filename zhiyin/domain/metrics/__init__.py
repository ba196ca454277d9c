"""Every figure as a function of facts, and facts as a function of events: one definition for the board and the report."""
