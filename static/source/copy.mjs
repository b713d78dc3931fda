// Copies what the pages need besides the styles out of node_modules into static/built.
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const built = join("static", "built");
const font = join("node_modules", "@fontsource-variable", "source-sans-3");
const files = [
  [join("node_modules", "govuk-frontend", "dist", "govuk", "govuk-frontend.min.js"), "govuk-frontend.min.js"],
  [join(font, "files", "source-sans-3-latin-wght-normal.woff2"), join("fonts", "source-sans-3-latin.woff2")],
  [join(font, "files", "source-sans-3-latin-ext-wght-normal.woff2"), join("fonts", "source-sans-3-latin-ext.woff2")],
  [join(font, "LICENSE"), join("fonts", "LICENSE")],
  ...["read-excel-file", "fflate", "saxen"].map((name) => [join("node_modules", name, "LICENSE"), join("licences", name)]),
];

for (const folder of ["fonts", "licences"]) mkdirSync(join(built, folder), { recursive: true });
for (const [from, to] of files) copyFileSync(from, join(built, to));
