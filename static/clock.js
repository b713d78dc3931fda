// The screen of a panel day: the clock goes on every second, and the page follows the day by itself.
const SECOND = 1000;
const AGAIN = 10000;

export function clock(screen) {
  let began = performance.now();
  let known = text(screen);
  setInterval(tick, SECOND);
  setInterval(follow, AGAIN);
  tick();

  function tick() {
    const place = screen.querySelector("[data-clock]");
    if (!place) return;
    const left = Math.round(Number(place.dataset.clock) - (performance.now() - began) / SECOND);
    const [minutes, seconds] = [Math.floor(Math.abs(left) / 60), Math.abs(left) % 60];
    place.textContent = `${minutes}:${String(seconds).padStart(2, "0")} ${left < 0 ? "over" : "left"}`;
  }

  /** Another bid was called up, or somebody came or went: the new page's words stand in place of the old ones. */
  async function follow() {
    try {
      const answer = await fetch(location.href, { redirect: "manual" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-screen]");
      if (!fresh || text(fresh) === known) return;
      known = text(fresh);
      began = performance.now();
      screen.replaceChildren(...fresh.childNodes);
      tick();
    } catch {
      // no connection: what stands is the last that was known
    }
  }

  /** The words without the clock's. */
  function text(part) {
    const copy = part.cloneNode(true);
    copy.querySelector("[data-clock]")?.remove();
    return copy.textContent;
  }
}
