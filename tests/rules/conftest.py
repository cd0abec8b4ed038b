from hypothesis import HealthCheck, settings

# No test may fail because the machine is busy, and none leaves files behind.
settings.register_profile("rules", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rules")
