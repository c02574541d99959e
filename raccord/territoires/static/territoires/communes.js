// Suggestions under every <input data-communes="address of the JSON view">: an ARIA 1.2 combobox with a list.
// Without this file the field works alike: the server reads what is typed.
(() => {
  "use strict";
  const DELAI_MS = 150;
  const MINIMUM = 2;
  let numero = 0;

  function equiper(champ) {
    if (champ.dataset.communesPret) return;
    champ.dataset.communesPret = "oui";
    const nom = `communes-${(numero += 1)}`;

    const enveloppe = document.createElement("div");
    enveloppe.className = "fr-input-wrap communes";
    champ.before(enveloppe);
    const liste = document.createElement("ul");
    liste.className = "communes__liste";
    liste.id = nom;
    liste.hidden = true;
    liste.setAttribute("role", "listbox");
    liste.setAttribute("aria-label", "Communes proposées");
    const annonce = document.createElement("p");
    annonce.className = "fr-sr-only";
    annonce.setAttribute("role", "status");
    enveloppe.append(champ, liste, annonce);

    if (!champ.hasAttribute("autocomplete")) champ.setAttribute("autocomplete", "off");
    champ.setAttribute("role", "combobox");
    champ.setAttribute("aria-autocomplete", "list");
    champ.setAttribute("aria-expanded", "false");
    champ.setAttribute("aria-controls", nom);

    let minuterie = 0;
    let demande = null;
    let actif = -1;

    const choix = () => Array.from(liste.children);

    function fermer() {
      clearTimeout(minuterie);
      if (demande) demande.abort();
      liste.hidden = true;
      actif = -1;
      champ.setAttribute("aria-expanded", "false");
      champ.removeAttribute("aria-activedescendant");
    }

    function activer(rang) {
      const tous = choix();
      actif = (rang + tous.length) % tous.length;
      tous.forEach((element, i) => element.setAttribute("aria-selected", String(i === actif)));
      champ.setAttribute("aria-activedescendant", tous[actif].id);
      tous[actif].scrollIntoView({ block: "nearest" });
    }

    function prendre(element) {
      champ.value = element.dataset.libelle;
      annonce.textContent = `${champ.value} choisie.`;
      fermer();
      champ.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function montrer(communes) {
      liste.replaceChildren(
        ...communes.map((commune, i) => {
          const element = document.createElement("li");
          element.id = `${nom}-${i}`;
          element.className = "communes__choix";
          element.dataset.libelle = commune.libelle;
          element.setAttribute("role", "option");
          element.setAttribute("aria-selected", "false");
          const departement = document.createElement("span");
          departement.className = "communes__departement";
          departement.textContent = ` ${commune.departement}`;
          element.append(commune.libelle, departement);
          return element;
        })
      );
      actif = -1;
      champ.removeAttribute("aria-activedescendant");
      liste.hidden = communes.length === 0;
      champ.setAttribute("aria-expanded", String(communes.length > 0));
      annonce.textContent = communes.length
        ? `${communes.length} ${communes.length > 1 ? "communes proposées" : "commune proposée"}, flèches haut et bas pour choisir.`
        : "Aucune commune proposée.";
    }

    async function chercher() {
      const saisie = champ.value.trim();
      if (demande) demande.abort();
      if (saisie.length < MINIMUM) {
        fermer();
        return;
      }
      demande = new AbortController();
      try {
        const reponse = await fetch(`${champ.dataset.communes}?q=${encodeURIComponent(saisie.slice(0, 100))}`, {
          signal: demande.signal,
        });
        if (!reponse.ok) return;
        const { communes } = await reponse.json();
        if (document.activeElement === champ) montrer(communes);
      } catch {
        // Aborted, or no network: the field still takes what is typed.
      }
    }

    champ.addEventListener("input", () => {
      clearTimeout(minuterie);
      minuterie = setTimeout(chercher, DELAI_MS);
    });
    champ.addEventListener("keydown", (evenement) => {
      if (liste.hidden) {
        if (evenement.key === "ArrowDown") chercher();
        return;
      }
      if (evenement.key === "ArrowDown") activer(actif + 1);
      else if (evenement.key === "ArrowUp") activer(actif < 0 ? -1 : actif - 1);
      else if (evenement.key === "Enter" && actif >= 0) prendre(choix()[actif]);
      else if (evenement.key === "Escape") fermer();
      else return;
      evenement.preventDefault();
    });
    champ.addEventListener("blur", fermer);
    // Before the click takes the focus away and closes the list.
    liste.addEventListener("mousedown", (evenement) => evenement.preventDefault());
    liste.addEventListener("click", (evenement) => {
      const element = evenement.target.closest("[role=option]");
      if (element) prendre(element);
    });
  }

  function equiperTous(racine) {
    if (racine.matches && racine.matches("[data-communes]")) equiper(racine);
    racine.querySelectorAll("[data-communes]").forEach(equiper);
  }

  equiperTous(document);
  document.addEventListener("htmx:load", (evenement) => equiperTous(evenement.detail.elt));
})();
