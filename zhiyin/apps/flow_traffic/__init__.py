"""What came of callers at each node of the flows (IVR 话务), counted from the log."""
