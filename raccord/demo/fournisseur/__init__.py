"""An OpenID provider for the demonstration: the real road to ProConnect is walked, nobody real is at its end.

Its pages are served by the demonstration itself, under /demo/proconnect/: the application asks them by HTTP, as it
asks ProConnect. It knows the fictitious accounts only and takes anybody's word for who they are, so nothing of it
exists in production: the application is not installed, the addresses are not there, its keys refuse to be made.
"""
