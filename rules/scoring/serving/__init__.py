"""Who serves, to whom and from where: one module for each way of serving, chosen by the law."""
