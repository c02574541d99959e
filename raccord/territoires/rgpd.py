"""Reference data: nothing about anybody."""

from raccord.socle.donnees_personnelles import neutre
from raccord.territoires.models import Academie, Commune, Departement, RegionAcademique

for _modele in (Academie, Commune, Departement, RegionAcademique):
    neutre(_modele)
