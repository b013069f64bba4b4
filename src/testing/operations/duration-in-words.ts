const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A duration as dockerd tells it (github.com/docker/go-units, HumanDuration). */
export function durationInWords(ms: number): string {
  if (ms < second) return "Less than a second";
  if (ms < 2 * second) return "1 second";
  if (ms < minute) return `${Math.floor(ms / second)} seconds`;
  if (ms < 2 * minute) return "About a minute";
  if (ms < 46 * minute) return `${Math.floor(ms / minute)} minutes`;
  if (ms < 90 * minute) return "About an hour";
  if (ms < 2 * day) return `${Math.round(ms / hour)} hours`;
  if (ms < 14 * day) return `${Math.floor(ms / day)} days`;
  if (ms < 60 * day) return `${Math.floor(ms / (7 * day))} weeks`;
  if (ms < 730 * day) return `${Math.floor(ms / (30 * day))} months`;
  return `${Math.floor(ms / (365 * day))} years`;
}
