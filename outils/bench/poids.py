"""What a first visit of the home page costs on the wire: the page, and all it asks for, nothing from elsewhere."""

import http.client
import re
from urllib.parse import urljoin, urlsplit

from outils.bench.mesure import PATIENCE, Mesure, lire

MAXIMUM_KO = 350
ACCEPTES = {"Accept_Encoding": "br, gzip"}
DE_LA_PAGE = re.compile(r"""<(?:link|script|img|source)\b[^>]*?\b(?:href|src)=["']([^"'#]+)["'][^>]*>""", re.I)
QUI_NE_CHARGE_RIEN = re.compile(r"""\brel=["'](?:canonical|next|prev|alternate|help|author|license)["']""", re.I)
DANS_LA_FEUILLE = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")


def mesurer(hote: str, port: int) -> Mesure:
    """Bytes of bodies as sent (compressed). Fonts count whether or not this page uses them: an upper bound."""
    connexion = http.client.HTTPConnection(hote, port, timeout=PATIENCE)
    origine = f"http://{hote}:{port}"
    ouvrir, vus, ailleurs = [f"{origine}/"], {}, []
    while ouvrir and len(vus) < 100:
        adresse = ouvrir.pop()
        if adresse in vus or adresse.startswith("data:"):
            continue
        if not adresse.startswith(f"{origine}/"):
            ailleurs.append(adresse)
            continue
        reponse = lire(connexion, urlsplit(adresse).path, **ACCEPTES)
        vus[adresse] = len(reponse.corps)
        genre = reponse.entetes.get("Content-Type", "")
        ouvrir += [urljoin(adresse, lien) for lien in _liens(adresse, connexion, genre)]
    total = sum(vus.values()) / 1000
    return Mesure(
        "poids d'une première visite",
        f"au plus {MAXIMUM_KO} ko compressés, rien d'un tiers",
        total <= MAXIMUM_KO and not ailleurs,
        {
            "ko": round(total, 1),
            "fichiers": len(vus),
            "tiers": ailleurs,
            "page_ko": round(vus[f"{origine}/"] / 1000, 1),
        },
    )


def _liens(adresse: str, connexion: http.client.HTTPConnection, genre: str) -> list[str]:
    """What the file asks for, read from its plain text."""
    if "text/html" not in genre and "text/css" not in genre:
        return []
    texte = lire(connexion, urlsplit(adresse).path, Accept_Encoding="identity").corps.decode()
    if "text/css" in genre:
        return [lien for lien in DANS_LA_FEUILLE.findall(texte) if not lien.startswith("data:")]
    return [trouve[1] for trouve in DE_LA_PAGE.finditer(texte) if not QUI_NE_CHARGE_RIEN.search(trouve[0])]
