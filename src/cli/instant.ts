const nanosPerSecond = 1_000_000_000n;

/**
 * A moment in local time, to the nanosecond, as RFC 3339 has it.
 *
 * @param nanos nanoseconds since 1970
 * @param offsetMinutes how far local time is ahead of UTC. Default: as it was here at that moment.
 */
export function formatInstant(nanos: bigint, offsetMinutes?: number): string {
  const milliseconds = Number(nanos / nanosPerSecond) * 1000;
  const offset = offsetMinutes ?? -new Date(milliseconds).getTimezoneOffset();
  const local = new Date(milliseconds + offset * 60_000).toISOString().slice(0, -5);
  return `${local}.${String(nanos % nanosPerSecond).padStart(9, "0")}${formatOffset(offset)}`;
}

function formatOffset(minutes: number): string {
  if (minutes === 0) {
    return "Z";
  }
  const size = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
