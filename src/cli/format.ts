import { fitText } from "./text-width.ts";

const units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"] as const;

/** A number of bytes with three digits and a decimal unit, e.g. `12.3MB`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // Rounded first, so that 999,999 bytes are 1MB and not 1000kB.
  while (Number(value.toPrecision(3)) >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Number(value.toPrecision(3))}${units[unit]}`;
}

const minute = 60;
const hour = 60 * minute;
const day = 24;

/** A duration in seconds as a person would say it, e.g. `About an hour`; in the words of the docker CLI. */
function formatDuration(seconds: number): string {
  if (seconds < minute) {
    return seconds < 1 ? "Less than a second" : plural(Math.floor(seconds), "second");
  }
  const minutes = Math.floor(seconds / minute);
  if (minutes < 60) {
    return minutes === 1 ? "About a minute" : `${minutes} minutes`;
  }
  const hours = Math.round(seconds / hour);
  return hours === 1 ? "About an hour" : formatHours(hours);
}

function formatHours(hours: number): string {
  const spans = [
    [2 * day, 1, "hours"],
    [14 * day, day, "days"],
    [60 * day, 7 * day, "weeks"],
    [730 * day, 30 * day, "months"],
    [Number.POSITIVE_INFINITY, 365 * day, "years"],
  ] as const;
  const [, span, name] = spans.find(([limit]) => hours < limit) ?? spans[4];
  return `${Math.floor(hours / span)} ${name}`;
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** How long ago something was, e.g. `2 minutes ago`. Both moments are in seconds since 1970. */
export function formatAge(created: number, now: number): string {
  return created > 0 ? `${formatDuration(Math.max(0, now - created))} ago` : "N/A";
}

/** The first twelve digits of an id, without its algorithm. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}

/** A command line in quotes, cut to twenty characters unless all of it is wanted. */
export function formatCommand(command: string, whole: boolean): string {
  return JSON.stringify(whole ? command : fitText(command, 20));
}
