"""Pure functions of plain frozen values: no database, no request, and the current time is always an argument."""
