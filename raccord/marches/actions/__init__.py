"""Writing about contracts: their declaration, its correction, the life of what is owed."""
