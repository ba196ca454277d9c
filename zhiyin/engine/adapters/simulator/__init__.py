"""The telephone side, the log and the clock without hardware: the same engine in virtual time, thousands of times
faster than life. Shipped for tests, for simulation testing and for the twin; never used by a running centre."""
