"""The live core: topics, parts and versions in, bytes for listeners out. It knows nothing of patients or points."""
