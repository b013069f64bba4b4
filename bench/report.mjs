/** The table of results, and its place in the README. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, type } from "node:os";

const require = createRequire(import.meta.url);
const readme = new URL("README.md", import.meta.url);
const markers = /(<!-- results -->\n)[\s\S]*(<!-- \/results -->)/;

/** `ok`, `MISSED`, why it was not run, or nothing for a row without a target. */
export function verdict({ measured, atMost, atLeast }) {
  if (measured === undefined) {
    return "not run: no DOCKER_HOST";
  }
  if (atMost === undefined && atLeast === undefined) {
    return "";
  }
  return measured <= (atMost ?? Number.POSITIVE_INFINITY) && measured >= (atLeast ?? Number.NEGATIVE_INFINITY)
    ? "ok"
    : "MISSED";
}

/** The rows as an aligned table, which is Markdown as well. */
export function table(rows) {
  const cells = [["what", "target", "measured", ""], ...rows.map(toCells)];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const line = (texts) =>
    `| ${texts.map((text, column) => (column % 3 === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]))).join(" | ")} |`;
  const rule = `|${widths.map((width, column) => `${"-".repeat(width + 1)}${column % 3 === 0 ? "-" : ":"}`).join("|")}|`;
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join("\n");
}

function toCells(row) {
  const { name, measured, unit, atMost, atLeast } = row;
  const target = atMost !== undefined ? `<= ${atMost} ${unit}` : atLeast !== undefined ? `>= ${atLeast} ${unit}` : "";
  return [name, target, measured === undefined ? "" : `${format(measured)} ${unit}`, verdict(row)];
}

function format(value) {
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
}

/** What the numbers were measured with. */
export function surroundings() {
  const version = (name) => require(`${name}/package.json`).version;
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node}, ${type()}, ${availableParallelism()} processors`,
    `(${cpus()[0]?.model ?? "unknown"}); dockerode ${version("dockerode")} with docker-modem ${version("docker-modem")}, @docker/node-sdk ${sdkVersion()}.`,
  ].join("\n");
}

/** Its package does not let others see its package.json. */
function sdkVersion() {
  return JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")).dependencies["@docker/node-sdk"];
}

/** The table of all groups that were measured: with what, how long each took, and which were never measured. */
export function report(groups, results) {
  const measured = groups.filter((group) => results[group] !== undefined);
  const missing = groups.filter((group) => results[group] === undefined);
  const places = [...new Set(measured.map((group) => results[group].surroundings))];
  const of = (place) => measured.filter((group) => results[group].surroundings === place).join(", ");
  const timed = measured.filter((group) => results[group].seconds !== undefined);
  const seconds = timed.map((group) => `${group} ${results[group].seconds} s`).join(", ");
  return [
    ...places.map((place) => (places.length === 1 ? place : `${of(place)}: ${place}`)),
    table(measured.flatMap((group) => results[group].rows)),
    ...(timed.length === 0 ? [] : [`How long it took: ${seconds}.`]),
    ...(missing.length === 0 ? [] : [`Not measured yet: ${missing.join(", ")}.`]),
  ].join("\n\n");
}

/** Puts the report between the markers of the README. */
export function writeReport(text) {
  writeFileSync(
    readme,
    readFileSync(readme, "utf8").replace(markers, (_, start, end) => `${start}\n${text}\n\n${end}`),
  );
}
