"""Messages about positionnements."""
