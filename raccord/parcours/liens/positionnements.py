"""Links about positionnements."""
