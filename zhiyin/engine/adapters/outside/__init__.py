"""The way outside: HTTP and databases of others, to addresses that may be asked alone."""
