// Stands in for fflate where the spreadsheet reader asks for it: the reader would unzip large sheets in workers made of
// text, which the pages' policy lets nobody start.
import { unzipSync } from "../../node_modules/fflate/esm/browser.js";

export { strFromU8, unzipSync } from "../../node_modules/fflate/esm/browser.js";

export function unzip(archive, done) {
  try {
    done(null, unzipSync(archive));
  } catch (error) {
    done(error);
  }
}
