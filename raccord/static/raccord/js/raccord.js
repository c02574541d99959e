/* Small helps. Every page works without this file. */
"use strict";

/* A form leaves once: the button rests until the page comes back. */
function reposer(formulaire) {
  delete formulaire.dataset.parti;
  for (const bouton of formulaire.querySelectorAll("button[aria-busy]")) {
    bouton.disabled = false;
    bouton.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (evenement) => {
  const formulaire = evenement.target;
  if (formulaire.method !== "post" || evenement.defaultPrevented) return;
  if (formulaire.dataset.parti) {
    evenement.preventDefault();
    return;
  }
  formulaire.dataset.parti = "1";
  // The browser leaves `autofocus` aside when the address has a fragment, as after the skip link: a refused form
  // would come back without its summary being read.
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  // After the browser has read the form, or the name of the button would be lost.
  setTimeout(() => {
    for (const bouton of formulaire.querySelectorAll("button[type=submit]:not(:disabled)")) {
      bouton.disabled = true;
      bouton.setAttribute("aria-busy", "true");
    }
  });
  // A file that comes back instead of a page leaves us here.
  setTimeout(() => reposer(formulaire), 15000);
});

addEventListener("pageshow", () => document.querySelectorAll("form[data-parti]").forEach(reposer));
document.addEventListener("htmx:afterRequest", (evenement) => {
  const formulaire = evenement.target.closest?.("form");
  if (formulaire) reposer(formulaire);
});

/* How much of a long text is left, said when it becomes short. */
function compter(zone) {
  const maximum = Number(zone.dataset.compteur);
  let ligne = zone.nextElementSibling;
  if (!ligne?.classList.contains("rc-compteur")) {
    ligne = document.createElement("span");
    ligne.className = "rc-compteur";
    zone.after(ligne);
  }
  const reste = maximum - zone.value.length;
  const nombre = new Intl.NumberFormat("fr-FR");
  ligne.classList.toggle("rc-compteur--trop", reste < 0);
  if (reste < 0) ligne.textContent = `${nombre.format(-reste)} caractères de trop`;
  else ligne.textContent = zone.value.length > maximum / 2 ? `${nombre.format(reste)} caractères restants` : "";
  if (reste < 100) ligne.setAttribute("role", "status");
  else ligne.removeAttribute("role");
}

document.addEventListener("input", (evenement) => {
  if (evenement.target.dataset?.compteur) compter(evenement.target);
});
document.querySelectorAll("[data-compteur]").forEach(compter);

/* The phone menu closes as menus do. */
const menu = document.querySelector(".rc-menu");
if (menu) {
  addEventListener("keydown", (evenement) => {
    if (evenement.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  addEventListener("click", (evenement) => {
    if (menu.open && !menu.contains(evenement.target)) menu.open = false;
  });
}

/* What must be said after a change in place. */
document.addEventListener("htmx:afterSwap", (evenement) => {
  evenement.target.querySelectorAll?.("[data-compteur]").forEach(compter);
  evenement.target.querySelector?.("#resume-erreurs")?.focus();
});
