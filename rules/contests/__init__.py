"""Who meets whom on a club evening, and what follows from how they played. Entrants are known by their numbers."""
