/** What the engine of the measurements answers. */

const platform = { Name: "Docker Engine - Community" };
const components = ["Engine", "containerd", "runc", "docker-init"].map((Name) => ({
  Name,
  Version: "28.5.2",
  Details: {
    ApiVersion: "1.51",
    Arch: "amd64",
    GitCommit: "89c5e8f",
    GoVersion: "go1.25.3",
    MinAPIVersion: "1.24",
    Os: "linux",
  },
}));

/** The body of `GET /version`, of the size that a real engine's has. */
export const versionBody = Buffer.from(
  JSON.stringify({
    Platform: platform,
    Components: components,
    Version: "28.5.2",
    ApiVersion: "1.51",
    MinAPIVersion: "1.24",
  }),
);

/** About a mebibyte of frames with `payloadBytes` in each, every seventh of them from stderr. */
export function encodedFrames(payloadBytes) {
  const count = Math.max(1, Math.floor((1024 * 1024) / (payloadBytes + 8)));
  return Buffer.concat(Array.from({ length: count }, (_, index) => encodeFrame(index % 7 === 6 ? 2 : 1, payloadBytes)));
}

/** So many frames of 100 bytes, each of them a line. */
export function encodedLines(count) {
  return Buffer.concat(Array.from({ length: count }, () => encodeFrame(1, 100)));
}

function encodeFrame(type, payloadBytes) {
  const frame = Buffer.alloc(8 + payloadBytes, "x");
  frame.fill(0, 0, 4);
  frame[0] = type;
  frame.writeUInt32BE(payloadBytes, 4);
  frame[frame.length - 1] = 0x0a;
  return frame;
}

/** A thousand records of a pull. All are of the same length, so a thousandth of the bytes is one. */
export const progressRecords = records((index) => ({
  status: "Downloading",
  progressDetail: { current: 10_000_000 + index * 512, total: 50_331_648 },
  progress: `[=============>                                     ]  ${(10 + index / 2000).toFixed(3)}MB/50.33MB`,
  id: `9824c2767${100 + (index % 9)}`,
}));

/** A thousand events, all of the same length. */
export const eventRecords = records((index) => {
  const id = (0x1000 + index).toString(16).repeat(16);
  return {
    Type: "container",
    Action: "start",
    Actor: { ID: id, Attributes: { image: "alpine:3", name: `web-${1000 + index}` } },
    scope: "local",
    time: 1_629_574_695,
    timeNano: 1_629_574_695_515_050_000,
  };
});

function records(make) {
  return Buffer.from(Array.from({ length: 1000 }, (_, index) => `${JSON.stringify(make(index))}\r\n`).join(""));
}
