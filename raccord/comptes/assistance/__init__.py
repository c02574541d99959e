"""Helping somebody who asks: seeing Raccord as they do, for a while, reading and never writing (decision 0018)."""
