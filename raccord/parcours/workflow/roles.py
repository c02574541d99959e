"""Who acts, in the machines of this slice."""

from raccord.comptes.enums import Role

ACHETEUR = frozenset({Role.ACHETEUR, Role.NATIONAL})
ENTREPRISE = frozenset({Role.ENTREPRISE})
TUTEUR = frozenset({Role.TUTEUR})
PILOTES = frozenset({Role.COORDONNATEUR, Role.NATIONAL})
NATIONAL = frozenset({Role.NATIONAL})
SYSTEME = frozenset({Role.SYSTEME})
# Exchanges about the young person: neither the buyer nor, when it concerns the tutor alone, the company (digest §1.7).
PEDAGOGIQUE = frozenset({Role.TUTEUR, Role.COORDONNATEUR, Role.NATIONAL, Role.JEUNE})
