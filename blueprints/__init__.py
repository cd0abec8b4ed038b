"""HTTP only: a view guards, loads, reads a form, calls one verb, commits once and responds."""
