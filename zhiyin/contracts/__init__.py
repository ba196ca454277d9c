"""What crosses a process boundary: typed, versioned messages. Imports only the domain and msgspec."""
