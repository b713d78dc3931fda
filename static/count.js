// Counts a register on this device. Nothing of it is sent, nothing is kept: no address is asked, no store is written,
// and what was pasted goes when the page does. Only totals are shown, and copied by whoever presses the button.
import { readSheets } from "./built/spreadsheet.js";

const part = (name) => document.querySelector(`[data-count="${name}"]`);
const [tool, box, file, sheet, choices, result, status] = ["tool", "box", "file", "sheet", "choices", "result", "status"].map(part);
const OLDEST = 120;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
let rows = [];
let sheets = [];

tool.hidden = false;
file.addEventListener("change", async () => {
  const chosen = file.files[0];
  if (!chosen) return;
  try {
    sheets = await opened(chosen);
  } catch {
    status.textContent = "We cannot read this file. Save it as .xlsx or .csv and open it again, or copy its cells and paste them.";
    return;
  } finally {
    file.value = "";
  }
  sheet.replaceChildren(...sheets.map(({ name }, place) => new Option(name, place)));
  sheet.parentElement.hidden = sheets.length < 2;
  turn();
  go();
});
sheet.addEventListener("change", turn);
part("read").addEventListener("click", () => {
  read();
  go();
});
part("clear").addEventListener("click", () => {
  forget();
  status.textContent = "The register is gone from this page.";
  box.focus();
});
part("add").addEventListener("click", add);
addEventListener("pagehide", forget); // neither the way back nor a reload finds it again

/** The sheets of a file that have lines, each as text: one of a file that is text, all of a spreadsheet. Throws at any other. */
async function opened(chosen) {
  if ((await chosen.slice(0, 2).text()) === "PK") {
    const found = (await readSheets(chosen)).map(({ sheet: name, data }) => ({ name, text: data.map((row) => row.map(written).join("\t")).join("\n") }));
    return found.filter(({ text }) => text.trim());
  }
  const text = await chosen.text();
  if (text.includes("\0")) throw new TypeError("neither text nor a spreadsheet of today");
  return [{ name: "", text }];
}

/** A cell as a line of text holds it; days as they are written in files. */
function written(cell) {
  const text = cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell ?? "");
  return /[\t\r\n",;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Put the chosen sheet into the box, and read it. */
function turn() {
  box.value = sheets[sheet.value]?.text ?? "";
  read();
}

/** Lead to the first question about what was read. */
function go() {
  if (!choices.hidden) part("who").querySelector("input")?.focus();
}

/** Ask which column is what. */
function read() {
  rows = parse(box.value).filter((row) => row.some((cell) => cell.trim()));
  result.hidden = true;
  choices.hidden = rows.length < 2;
  status.textContent = rows.length < 2 ? "There is no register yet. The first line has to name the columns." : `${rows.length - 1} lines are read. Say which column is what.`;
  const names = rows[0] ?? [];
  part("who").replaceChildren(...names.map((name, place) => tick(name.trim() || `Column ${place + 1}`, place)));
  for (const select of choices.querySelectorAll("select")) {
    const wanted = new RegExp(select.dataset.guess, "i");
    select.replaceChildren(new Option("None", ""), ...names.map((name, place) => new Option(name.trim() || `Column ${place + 1}`, place)));
    const guessed = names.findIndex((name) => wanted.test(name));
    select.value = guessed < 0 ? "" : String(guessed);
  }
}

function tick(name, place) {
  const item = document.createElement("div");
  item.className = "govuk-checkboxes__item";
  const input = document.createElement("input");
  Object.assign(input, { type: "checkbox", className: "govuk-checkboxes__input", id: `who-${place}`, value: String(place) });
  input.checked = /name|birth|\bdob\b|member|\bid\b/i.test(name);
  const label = document.createElement("label");
  Object.assign(label, { className: "govuk-label govuk-checkboxes__label", htmlFor: input.id, textContent: name });
  item.append(input, label);
  return item;
}

/** Add up, and show the totals alone. */
function add() {
  const who = [...part("who").querySelectorAll("input:checked")].map((each) => Number(each.value));
  if (!who.length) {
    status.textContent = "Choose at least one column that tells one person from another.";
    return;
  }
  const [age, place] = ["age", "place"].map((name) => part(name).value);
  const people = new Map();
  let nameless = 0;
  for (const row of rows.slice(1)) {
    const key = who.map((column) => folded(row[column]));
    if (!key.some(Boolean)) {
      nameless += 1;
      continue;
    }
    const known = people.get(JSON.stringify(key)) ?? { age: "not-known", place: "not-known" };
    if (age !== "" && known.age === "not-known") known.age = band(row[age]);
    if (place !== "" && known.place === "not-known") known.place = district(row[place]);
    people.set(JSON.stringify(key), known);
  }
  const told = [...people.values()];
  show("people", told.length);
  show("attendances", rows.length - 1);
  for (const line of result.querySelectorAll("[data-kind]")) {
    const { kind, part: wanted } = line.dataset;
    line.hidden = (kind === "age" ? age : place) === "";
    write(line, told.filter((each) => each[kind] === wanted).length);
  }
  result.hidden = false;
  const left = nameless ? ` ${nameless} lines name nobody: they count as attendances only.` : "";
  status.textContent = `${told.length} people came ${rows.length - 1} times.${left}`;
  result.querySelector("h2").focus();
}

function show(name, number) {
  write(result.querySelector(`[data-total="${name}"]`), number);
}

function write(line, number) {
  const cell = line.querySelector("[data-number]");
  cell.textContent = String(number);
  const button = line.querySelector("button");
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(String(number));
      status.textContent = `${number} is copied. Put it into its box in your return.`;
    } catch {
      getSelection().selectAllChildren(cell);
      status.textContent = `${number} is chosen. Copy it with your keyboard.`;
    }
  };
}

function forget() {
  rows = [];
  sheets = [];
  sheet.replaceChildren();
  sheet.parentElement.hidden = true;
  box.value = "";
  part("who").replaceChildren();
  for (const select of choices.querySelectorAll("select")) select.replaceChildren();
  choices.hidden = result.hidden = true;
}

/** Cells by line, of commas, semicolons or tabs; what stands in quotes is one cell. */
function parse(text) {
  const first = text.replace(/^\ufeff/, "").split(/\r?\n/, 1)[0];
  const between = ["\t", ";", ","].find((sign) => first.includes(sign)) ?? ",";
  const found = [[""]];
  let quoted = false;
  const letters = text.replace(/^\ufeff/, "");
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at];
    const row = found.at(-1);
    if (quoted) {
      if (letter !== '"') row[row.length - 1] += letter;
      else if (letters[at + 1] === '"') row[row.length - 1] += letters[(at += 1)];
      else quoted = false;
    } else if (letter === '"' && !row.at(-1).trim()) {
      row[row.length - 1] = "";
      quoted = true;
    } else if (letter === between) row.push("");
    else if (letter === "\n") found.push([""]);
    else if (letter !== "\r") row[row.length - 1] += letter;
  }
  return found;
}

function folded(text) {
  return (text ?? "").normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}

/** The part that an age, or a date of birth, falls into. */
function band(text) {
  const said = folded(text);
  const age = /^\d{1,3}$/.test(said) ? Number(said) : years(said);
  if (!Number.isInteger(age) || age < 0 || age > OLDEST) return "not-known";
  const bands = [...result.querySelectorAll('[data-kind="age"][data-least]')];
  return bands.findLast((line) => age >= Number(line.dataset.least))?.dataset.part ?? "not-known";
}

/** How old somebody is on the day that the return ends; dates as people here write them, or as files do. */
function years(text) {
  const parts = text.match(/^(\d{4})-(\d{1,2})-(\d{1,2})$/)?.slice(1) ?? text.match(/^(\d{1,2})[/. -](\d{1,2}|[a-z]{3,9})[/. -](\d{4})$/)?.slice(1).reverse();
  if (!parts) return NaN;
  const [year, said, day] = parts;
  const month = /^\d/.test(said) ? Number(said) : MONTHS.indexOf(said.slice(0, 3)) + 1;
  const born = new Date(Date.UTC(Number(year), month - 1, Number(day)));
  if (born.getUTCMonth() + 1 !== month || born.getUTCDate() !== Number(day)) return NaN;
  const [endYear, endMonth, endDay] = tool.dataset.day.split("-").map(Number);
  return endYear - Number(year) - (endMonth < month || (endMonth === month && endDay < Number(day)) ? 1 : 0);
}

/** The district of a name, or of the first half of a postcode that lies in one district. */
function district(text) {
  const said = folded(text);
  const lines = [...document.querySelectorAll("[data-outward]")];
  const named = lines.find((line) => line.dataset.name.toLowerCase() === said);
  if (named) return named.dataset.district;
  const outward = said.toUpperCase().match(/^([A-Z]{1,2}\d[A-Z\d]?)(\s*\d[A-Z]{2})?$/)?.[1];
  return lines.find((line) => line.dataset.outward.split(" ").includes(outward))?.dataset.district ?? "not-known";
}
