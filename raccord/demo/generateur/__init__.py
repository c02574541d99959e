"""A fictitious territory, told by the real actions of the slices, each on its own past day.

Nothing is invented beside the product: a state exists because somebody acted, so timelines, waits, messages and the
ledger agree with each other. The same seed on the same day gives the same territory (ids and secrets apart).
"""
