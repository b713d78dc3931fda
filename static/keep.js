// Nothing typed is lost: each change is kept on this device at once, and saved with the service within two seconds.
// Works on a form with data-keep (whose words these are). Its copy on the device goes when the service has the words.
const WAIT = 1000;
const AGAIN = 5000;
const PREFIX = "keep:";
const NOT_WORDS = new Set(["csrf_token", "stamp", "then"]);

/** Forget everything on this device: somebody signs out. */
export function forget() {
  for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX) || name === "single-keys") localStorage.removeItem(name);
}

export function keep(form) {
  const name = PREFIX + location.pathname;
  const stamp = form.elements.namedItem("stamp");
  const said = words();
  const status = document.createElement("p"); // when it was saved: said when the minute is another one
  const wait = document.createElement("p"); // that it is being saved: seen, and not said at every stop
  const alarm = document.createElement("div");
  status.className = "govuk-body app-meta app-keep";
  status.setAttribute("role", "status");
  wait.className = "govuk-body app-meta";
  wait.hidden = true;
  wait.textContent = said.saving;
  alarm.className = "app-keep";
  alarm.setAttribute("role", "status");
  form.append(status, wait, alarm);
  let timer = 0;
  let busy = false;
  let leaving = false;
  let pressed = null;
  let tried = null; // what was taken, but not whole
  const local = new Set((form.dataset.local ?? "").split(" ")); // boxes that only a button of the page saves
  let saved = form.dataset.putBack ? "" : savable();

  restore();
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    if (busy) {
      event.preventDefault(); // or what is on its way would look like another window's change
      pressed = event.submitter;
      return;
    }
    leaving = true;
    clearTimeout(timer);
    write({ sent: true });
  });
  addEventListener("online", () => soon(0));
  addEventListener("pageshow", () => (leaving = false));

  /** What the page was made from; data-also names what else is on it and comes and goes, like the lines of a budget. */
  function version() {
    return `${stamp?.value} ${form.dataset.also ?? ""}`;
  }

  function pairs() {
    return [...new FormData(form)].filter(([field, value]) => !NOT_WORDS.has(field) && typeof value === "string");
  }

  /** What stands in the form, as pairs of name and value. */
  function typed() {
    return JSON.stringify(pairs());
  }

  /** The part of it that is saved while somebody types. */
  function savable() {
    return JSON.stringify(pairs().filter(([field]) => !local.has(field)));
  }

  function write(more) {
    try {
      const kept = savable() === saved && pairs().every(([field, value]) => !local.has(field) || !value);
      if (kept && !more.sent) localStorage.removeItem(name);
      else localStorage.setItem(name, JSON.stringify({ whose: form.dataset.keep, version: version(), words: typed(), ...more }));
    } catch {
      // a device that keeps nothing: the service still does
    }
  }

  function changed() {
    write({});
    soon(WAIT);
  }

  function soon(wait) {
    clearTimeout(timer);
    if (!leaving) timer = setTimeout(save, wait);
  }

  async function save() {
    const sending = savable();
    if (sending === saved || sending === tried || leaving) return;
    if (busy) return soon(WAIT);
    busy = true;
    waiting(true);
    try {
      const answer = await fetch(form.action, { method: "POST", body: body(), headers: { Accept: "application/json" }, redirect: "manual" });
      if (answer.ok) keptBy(await answer.json(), sending);
      else if (answer.status === 401) signIn();
      else if (answer.status === 409) say(said.overtaken);
      else again();
    } catch {
      again();
    } finally {
      busy = false;
      waiting(false);
      if (pressed) form.requestSubmit(pressed);
    }
  }

  /** One line stands for the other; what is said stays in the page, so that it is not said again. */
  function waiting(on) {
    wait.hidden = !on;
    status.classList.toggle("govuk-visually-hidden", on);
  }

  /** Urlencoded, as the page itself sends it. */
  function body() {
    return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  }

  function keptBy(answer, sending) {
    tried = sending;
    if (stamp) stamp.value = answer.stamp;
    if (!answer.whole) return halfKept();
    saved = sending;
    const now = `${said.saved} ${answer.saved}`;
    if (status.textContent !== now) status.textContent = now;
    if (alarm.textContent !== said.restored) alarm.replaceChildren(); // that words were put back stays said
    write({});
    if (savable() !== saved) soon(WAIT);
  }

  /** Half an answer is not saved: it stays on this device, and is said. */
  function halfKept() {
    say(said.part);
    write({});
    if (savable() !== tried) soon(WAIT);
  }

  function again() {
    tried = null;
    say(said.offline);
    soon(AGAIN);
  }

  function say(text) {
    status.textContent = "";
    if (alarm.textContent === text) return;
    const line = document.createElement("p");
    line.className = "govuk-body";
    line.textContent = text;
    alarm.replaceChildren(line);
  }

  function signIn() {
    say(said["signed-out"]);
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = said["sign-in"];
    alarm.lastChild.append(" ", link);
  }

  /** Put back what this device holds and the service does not. */
  function restore() {
    const held = read();
    if (!held) return;
    const same = (held.words === typed() && !form.dataset.putBack) || (held.sent && held.version !== version());
    if (held.whose !== form.dataset.keep || same) return localStorage.removeItem(name);
    if (held.version !== version()) return show(JSON.parse(held.words));
    fill(JSON.parse(held.words));
    say(said.restored);
    soon(0);
  }

  function read() {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  function fill(pairs) {
    const left = [...pairs];
    const take = (field) => {
      const place = left.findIndex(([found]) => found === field);
      return place < 0 ? undefined : left.splice(place, 1)[0][1];
    };
    for (const control of form.elements) {
      if (!control.name || NOT_WORDS.has(control.name)) continue;
      if (control.type === "radio" || control.type === "checkbox") {
        control.checked = pairs.some(([field, value]) => field === control.name && value === control.value);
      } else if (control.type !== "submit" && control.type !== "hidden") {
        control.value = take(control.name) ?? control.value;
      }
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function show(pairs) {
    say(said.other);
    for (const [, value] of pairs.filter(([, value]) => value)) {
      const line = document.createElement("p");
      line.className = "govuk-body app-version";
      line.textContent = value;
      alarm.append(line);
    }
    localStorage.removeItem(name);
  }

  function words() {
    const found = document.querySelector("template[data-keep-words]").content.querySelectorAll("[data-keep-word]");
    return Object.fromEntries([...found].map((each) => [each.dataset.keepWord, each.textContent]));
  }
}
