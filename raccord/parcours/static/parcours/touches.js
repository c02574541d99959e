// One key per button that says it (`aria-keyshortcuts`), never while typing nor with Ctrl, Alt or Meta. Whoever speaks
// to their computer, or fears a stray key, turns it off: kept for this browser (WCAG 2.2, 2.1.4).
(() => {
  const choix = document.querySelector("[data-touches]");
  if (!choix) return;
  const CLE = "raccord-touches";
  const montrer = () => document.body.classList.toggle("rc-avec-touches", choix.checked);
  choix.checked = localStorage.getItem(CLE) !== "non";
  choix.closest("[hidden]").hidden = false;
  montrer();
  choix.addEventListener("change", () => {
    localStorage.setItem(CLE, choix.checked ? "oui" : "non");
    montrer();
  });
  const ecrit = (element) => element.matches("textarea, select, [contenteditable], input:not([type=checkbox])");
  document.addEventListener("keydown", (evenement) => {
    if (!choix.checked || evenement.repeat || evenement.ctrlKey || evenement.altKey || evenement.metaKey) return;
    if (ecrit(evenement.target)) return;
    const touche = evenement.key.toLowerCase();
    const bouton = [...document.querySelectorAll("button[aria-keyshortcuts]")].find(
      (un) => un.getAttribute("aria-keyshortcuts") === touche,
    );
    if (!bouton || bouton.disabled) return;
    evenement.preventDefault();
    bouton.click();
  });
})();
