"""HTTP only: a view loads, guards, reads a form, calls one verb, commits once and answers."""
