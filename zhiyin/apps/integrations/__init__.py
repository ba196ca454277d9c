"""Open interfaces: keys, webhooks out and in, the stream of events, embedding, file exchange, connectors."""
