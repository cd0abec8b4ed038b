"""The update core: topics, parts and versions in, bytes for listeners out. It knows neither patients nor points."""
