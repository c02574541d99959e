// "Copier": shown only where the browser can do it; without it the field is selected and copied by hand.
(() => {
  if (!navigator.clipboard) return;
  for (const bouton of document.querySelectorAll("[data-copier]")) {
    const champ = document.getElementById(bouton.dataset.copier);
    const dit = bouton.parentElement.querySelector("[role=status]");
    bouton.parentElement.hidden = false;
    bouton.addEventListener("click", () =>
      navigator.clipboard.writeText(champ.value).then(
        () => { dit.textContent = "Copiée."; },
        () => { champ.select(); dit.textContent = "Sélectionnée : copiez-la au clavier."; },
      ),
    );
  }
})();
