"""Changed rules of the router on trial."""
