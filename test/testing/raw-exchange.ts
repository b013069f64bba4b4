import { connect } from "node:net";

/** How a connection ended. */
export interface Exchanged {
  readonly text: string;
  /** The code of the error that ended it; undefined if it ended in good order. */
  readonly error: string | undefined;
}

/** Writes bytes to `tcp://host:port`, and reads until the connection ends. */
export function exchange(host: string, request: string): Promise<Exchanged> {
  const { hostname, port } = new URL(host);
  return new Promise((resolve) => {
    let text = "";
    let error: string | undefined;
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.setEncoding("latin1");
    socket.on("data", (data: string) => {
      text += data;
    });
    socket.on("error", (failure: NodeJS.ErrnoException) => {
      error = failure.code;
    });
    socket.on("close", () => resolve({ text, error }));
  });
}
