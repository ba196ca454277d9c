"""Customers and their numbers: who calls, where from, and how they are found."""
