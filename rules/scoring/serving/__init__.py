"""Who serves, to whom and from where: one way of it a module, chosen by a law."""
