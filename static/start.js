// Runs on every page, as a module. Pages are complete without it.
import { initAll } from "./built/govuk-frontend.min.js";
import { clock } from "./clock.js";
import { forget, keep } from "./keep.js";
import { keys } from "./keys.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
const form = document.querySelector("form[data-keep]");
if (form) keep(form);
if (form?.hasAttribute("data-keys")) keys(form);
const screen = document.querySelector("[data-screen]");
if (screen) clock(screen);
document.querySelector(".app-header__account form")?.addEventListener("submit", forget);
