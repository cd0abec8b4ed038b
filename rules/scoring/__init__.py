"""Scoring: one engine for every sport, and one file of data per sport."""
