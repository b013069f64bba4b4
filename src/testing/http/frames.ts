const headerBytes = 8;
const numbers = { stdin: 0, stdout: 1, stderr: 2, error: 3 } as const;

/** Writes a frame of a multiplexed stream (moby:api/pkg/stdcopy/stdcopy.go:14-19). */
export function encodeFrame(stream: keyof typeof numbers, data: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerBytes + data.length);
  frame[0] = numbers[stream];
  new DataView(frame.buffer).setUint32(4, data.length);
  frame.set(data, headerBytes);
  return frame;
}
