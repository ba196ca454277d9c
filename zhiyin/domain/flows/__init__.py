"""Automatic service as data: the graph, its proof, and its interpreter."""
