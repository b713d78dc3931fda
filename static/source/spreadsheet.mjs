// What static/count.js opens spreadsheets with.
export { default as readSheets } from "read-excel-file/universal";
