"""A seeded storm over the live core: real hubs, feeds and listeners on a simulated clock, database, bus and network."""
