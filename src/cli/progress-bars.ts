import type { LayerProgress, ProgressSummary } from "../index.ts";
import { formatSize } from "./format.ts";
import { printable } from "./printable.ts";
import { fitText, padText } from "./text-width.ts";

/** How large the terminal is, in characters and lines. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const idWidth = 13;
const statusWidth = 19;
const countsWidth = 16;
const widestBar = 40;
const narrowestBar = 10;

/**
 * The lines that show how far a pull has come: one for each layer and one for all of them. Where the terminal has too few
 * lines, layers that are done are left out first. No line is as wide as the terminal.
 */
export function progressLines(summary: ProgressSummary, size: Size): string[] {
  const { layers } = summary;
  if (layers.length === 0) {
    return [];
  }
  const shown = fittingLayers(layers, Math.max(1, size.rows - 3));
  const hidden = layers.length - shown.length;
  const lines = [
    ...shown.map((layer) => layerLine(layer, size.columns)),
    ...(hidden === 0 ? [] : [`… and ${hidden} more`]),
    totalLine(summary, size.columns),
  ];
  return lines.map((line) => fitText(printable(line).trimEnd(), size.columns - 1));
}

function fittingLayers(layers: readonly LayerProgress[], count: number): readonly LayerProgress[] {
  if (layers.length <= count) {
    return layers;
  }
  const byNeed = [...layers].sort((a, b) => Number(a.done) - Number(b.done));
  const kept = new Set(byNeed.slice(0, count));
  return layers.filter((layer) => kept.has(layer));
}

function layerLine({ id, status, currentBytes, totalBytes, done }: LayerProgress, columns: number): string {
  const head = padText(id, idWidth) + padText(status, statusWidth);
  if (done || totalBytes === undefined) {
    return head;
  }
  const counts = `${formatSize(currentBytes)}/${formatSize(totalBytes)}`;
  return `${head}${bar(currentBytes / totalBytes, columns)}${counts}`;
}

function totalLine(summary: ProgressSummary, columns: number): string {
  const { layers, layersDone, percent, currentBytes, totalBytes } = summary;
  const head = padText("Total", idWidth) + padText(`${layersDone} of ${layers.length} layers`, statusWidth);
  const counts = totalBytes === 0 ? "" : `  ${formatSize(currentBytes)}/${formatSize(totalBytes)}`;
  return `${head}${bar(percent / 100, columns)}${`${percent}%`.padStart(4)}${counts}`;
}

/** A bar and a space behind it; nothing where it would be too short to tell anything. */
function bar(fraction: number, columns: number): string {
  // The total's percentage, and the last column that stays empty, take seven.
  const width = Math.min(widestBar, columns - idWidth - statusWidth - countsWidth - 10);
  if (width < narrowestBar) {
    return "";
  }
  const filled = Math.round(Math.min(1, fraction) * width);
  const body = filled === width ? "=".repeat(width) : `${"=".repeat(Math.max(0, filled - 1))}${filled > 0 ? ">" : ""}`;
  return `[${body.padEnd(width)}] `;
}
