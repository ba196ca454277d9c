"""Today's figures from the projections, by the same functions as the live board."""
