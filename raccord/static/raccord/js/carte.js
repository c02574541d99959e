/* The map beside a list. Leaflet comes only when the map is about to be seen; if anything fails, the list is enough. */
"use strict";

(() => {
  if (!("IntersectionObserver" in window)) return;
  const calme = matchMedia("(prefers-reduced-motion: reduce)").matches;

  function feuille(adresse) {
    return new Promise((ok, non) => {
      const lien = document.createElement("link");
      lien.rel = "stylesheet";
      lien.href = adresse;
      lien.onload = ok;
      lien.onerror = non;
      // Before our own sheets, which refine it.
      document.head.prepend(lien);
    });
  }

  function script(adresse) {
    return new Promise((ok, non) => {
      const noeud = document.createElement("script");
      noeud.src = adresse;
      noeud.onload = ok;
      noeud.onerror = non;
      document.head.append(noeud);
    });
  }

  function contenu(groupe) {
    const liste = document.createElement("ul");
    for (const point of groupe) {
      const ligne = document.createElement("li");
      const lien = document.createElement("a");
      lien.href = point.url;
      lien.textContent = point.titre;
      ligne.append(lien);
      if (point.detail) {
        const detail = document.createElement("span");
        detail.textContent = point.detail;
        ligne.append(detail);
      }
      liste.append(ligne);
    }
    return liste;
  }

  // From Lille to La Réunion there is nothing but Africa: each territory has its own frame, the first one shown.
  const TERRITOIRES = [
    ["Métropole", 41, 51.5, -5.6, 10],
    ["Guadeloupe", 15.7, 18.2, -63.2, -60.9],
    ["Martinique", 14.3, 15, -61.3, -60.7],
    ["Guyane", 2, 6, -55, -51],
    ["La Réunion", -21.5, -20.8, 55.1, 55.9],
    ["Mayotte", -13.1, -12.5, 44.9, 45.4],
    ["Ailleurs", -90, 90, -180, 180],
  ];

  function parTerritoire(points) {
    const parNom = new Map(TERRITOIRES.map(([nom]) => [nom, []]));
    for (const point of points) {
      const [nom] = TERRITOIRES.find(
        ([, sud, nord, ouest, est]) => point.lat >= sud && point.lat <= nord && point.lon >= ouest && point.lon <= est,
      );
      parNom.get(nom).push(point);
    }
    return [...parNom].filter(([, siens]) => siens.length).map(([nom, siens]) => ({ nom, points: siens }));
  }

  function montrer(carte, points) {
    const cadre = L.latLngBounds(points.map((point) => [point.lat, point.lon]));
    if (cadre.isValid()) carte.fitBounds(cadre, { padding: [36, 36], maxZoom: 9, animate: false });
    else carte.setView([46.6, 2.4], 5, { animate: false });
  }

  function choisir(carte, territoires) {
    const rang = document.createElement("div");
    rang.className = "rc-carte-geo__territoires";
    rang.setAttribute("role", "group");
    rang.setAttribute("aria-label", "Territoire montré sur la carte");
    for (const { nom, points } of territoires) {
      const bouton = document.createElement("button");
      bouton.type = "button";
      bouton.className = "fr-btn fr-btn--sm fr-btn--tertiary";
      bouton.textContent = `${nom} (${points.length})`;
      bouton.setAttribute("aria-pressed", String(nom === territoires[0].nom));
      bouton.addEventListener("click", () => {
        montrer(carte, points);
        for (const autre of rang.children) autre.setAttribute("aria-pressed", String(autre === bouton));
      });
      rang.append(bouton);
    }
    return rang;
  }

  async function dessiner(section) {
    const points = JSON.parse(section.dataset.carte);
    const [fond] = await Promise.all([
      fetch(section.dataset.fond).then((reponse) => {
        if (!reponse.ok) throw new Error(String(reponse.status));
        return reponse.json();
      }),
      feuille(section.dataset.leafletCss),
      window.L ? null : script(section.dataset.leafletJs),
    ]);
    const toile = section.querySelector(".rc-carte-geo__toile");
    const carte = L.map(toile, {
      attributionControl: false,
      fadeAnimation: !calme,
      zoomAnimation: !calme,
      markerZoomAnimation: !calme,
      inertia: !calme,
      scrollWheelZoom: false,
      minZoom: 4,
      zoomSnap: 0.25,
      maxZoom: 11,
      zoomControl: false,
    });
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(carte);
    L.geoJSON(fond, {
      interactive: false,
      style: { className: "rc-departement", weight: 1, fillOpacity: 1 },
    }).addTo(carte);

    // Several offers at one address are one marker that lists them.
    const groupes = new Map();
    for (const point of points) {
      const cle = `${point.lat.toFixed(3)},${point.lon.toFixed(3)}`;
      groupes.set(cle, [...(groupes.get(cle) ?? []), point]);
    }
    const territoires = parTerritoire(points);
    montrer(carte, territoires[0]?.points ?? []);
    if (territoires.length > 1) toile.before(choisir(carte, territoires));
    for (const groupe of groupes.values()) {
      const nombre = groupe.length;
      const nom = nombre === 1 ? groupe[0].titre : `${nombre} offres : ${groupe[0].titre}…`;
      const cote = nombre === 1 ? 22 : 30;
      L.marker([groupe[0].lat, groupe[0].lon], {
        alt: nom,
        title: nom,
        riseOnHover: true,
        icon: L.divIcon({ className: "rc-puce", html: nombre > 1 ? String(nombre) : "", iconSize: [cote, cote] }),
      })
        .bindPopup(() => contenu(groupe), { maxWidth: 280 })
        .addTo(carte)
        .getElement()
        .setAttribute("aria-label", nom);
    }
  }

  const vigie = new IntersectionObserver(
    (entrees) => {
      for (const { target, isIntersecting } of entrees) {
        if (!isIntersecting) continue;
        vigie.unobserve(target);
        dessiner(target).catch(() => {
          target.hidden = true;
        });
      }
    },
    { rootMargin: "300px" },
  );
  function veiller(racine) {
    for (const section of racine.querySelectorAll("[data-carte][hidden]")) {
      section.hidden = false;
      vigie.observe(section);
    }
  }

  veiller(document);
  // A search that changes in place brings its own map.
  document.addEventListener("htmx:load", (evenement) => veiller(evenement.detail.elt));
})();
