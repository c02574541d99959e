"""`python -m raccord` is the `raccord` command."""

from raccord.config.cli import main

main()
