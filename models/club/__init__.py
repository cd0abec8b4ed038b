"""The club: players, matches and their rallies."""
