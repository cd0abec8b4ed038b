"""Pure decisions on plain frozen values: no database, no request, and the clock is always an argument."""
