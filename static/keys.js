// Single keys for scoring: off until somebody switches them on, on this device; never while they type.
const SWITCH = "single-keys";
const TYPING = "input:not([type=radio]), textarea, select, [contenteditable]";

export function keys(form) {
  const help = document.querySelector("[data-keys-switch]");
  help.hidden = false;
  const button = help.querySelector("button");
  show();
  button.addEventListener("click", () => {
    try {
      localStorage.setItem(SWITCH, on() ? "off" : "on");
    } catch {
      // a device that keeps nothing has no single keys
    }
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (!on() || event.altKey || event.ctrlKey || event.metaKey || event.target.closest(TYPING)) return;
    const key = event.key.toLowerCase();
    const score = /^[0-9]$/.test(key) && form.querySelector(`input[type=radio][value="${key}"]`);
    if (score) score.click();
    else if (key === "r") form.elements.namedItem("reason").focus();
    else if (key === "n") form.requestSubmit(form.querySelector('button[value="next"]'));
    else if (key === "p") document.querySelector('[data-key="p"]')?.click();
    else return;
    if (score) score.focus();
    event.preventDefault();
  });

  function on() {
    try {
      return localStorage.getItem(SWITCH) === "on";
    } catch {
      return false;
    }
  }

  function show() {
    button.textContent = on() ? "Single keys are on: switch them off" : "Switch single keys on";
  }
}
