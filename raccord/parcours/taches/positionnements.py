"""Rungs about positionnements."""
