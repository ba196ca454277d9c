"""What is stored of one person: handed over, and erased."""
