"""The yardstick of speed: okrsite against the same pages written by hand, of the same company."""
