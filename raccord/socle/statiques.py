"""Addresses of static files, kept: a page asks for some fifteen, and they never change while the server runs."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Statiques(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # the library has no types
    """The same names and files; each address is computed once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._adresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """The address of a file; raises ValueError for one that is not in the manifest."""
        if name not in self._adresses:
            self._adresses[name] = super().url(name, force)
        return self._adresses[name]
