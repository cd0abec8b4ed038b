"""Tournaments: who meets whom, and what follows from the results. Entrants are identified by their numbers."""
