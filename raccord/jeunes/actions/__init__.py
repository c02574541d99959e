"""Writing about young people: their file, its circle, their context sheet."""
