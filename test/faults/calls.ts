import type { CallOptions, Docker } from "../../src/index.ts";
import { readRequest } from "../engine/support.ts";
import type { RawConnection } from "../support/raw-server.ts";

/** What a call does with each piece that it is given. */
type OnPiece = () => "stay" | "leave";

/** What the caller does while the call runs. */
export interface Caller {
  readonly options: CallOptions;
  readonly onPiece: OnPiece;
  /** What an upload sends. */
  readonly source: AsyncIterable<Uint8Array>;
}

/** A call of one kind, and the bytes that answer it. */
export interface KindOfCall {
  readonly name: "plain call" | "streamed answer" | "streamed upload" | "hijacked";
  readonly operation: string;
  readonly path: string;
  /** Whether there is a loop that can be left. */
  readonly iterated: boolean;
  /** Makes the call and reads all of its answer. */
  run(docker: Docker, caller: Caller): Promise<void>;
  /** Reads the request, on the engine's side. */
  readRequest(connection: RawConnection): Promise<unknown>;
  /** The answer's headers. */
  readonly headers: string;
  /** What is given to the caller at once. */
  readonly piece: string;
  /** The beginning of what would come next. */
  readonly half: string;
  /** What cannot come next. */
  readonly garbage: string;
}

/** How many pieces of a kibibyte an upload sends that is not stopped. */
export const uploadPieces = 16;

const ok = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";
const frames = "Content-Type: application/vnd.docker.multiplexed-stream\r\n";
const frame = "\x01\0\0\0\0\0\0\x05hello";
const chunks = { half: "20\r\n\x01\0", garbage: "xyz\r\n" };

/** A call of every kind. */
export const kindsOfCall: readonly KindOfCall[] = [
  {
    name: "plain call",
    operation: "SystemInfo",
    path: "/v1.51/info",
    iterated: false,
    run: async (docker, { options }) => {
      await docker.system.info(options);
    },
    readRequest,
    headers: `${ok}Content-Type: application/json\r\n\r\n`,
    piece: chunk('{"ID":"x",'),
    ...chunks,
  },
  {
    name: "streamed answer",
    operation: "ContainerLogs",
    path: "/v1.51/containers/c/logs",
    iterated: true,
    run: (docker, { options, onPiece }) => readAll(docker.containers.logs("c", { follow: true, ...options }), onPiece),
    readRequest,
    headers: `${ok}${frames}\r\n`,
    piece: chunk(frame),
    ...chunks,
  },
  {
    name: "streamed upload",
    operation: "ImageLoad",
    path: "/v1.51/images/load",
    iterated: true,
    run: (docker, { options, onPiece, source }) => readAll(docker.images.load(source, options), onPiece),
    readRequest: async (connection) => {
      await connection.head();
      await connection.take(uploadPieces * chunk("x".repeat(1024)).length + "0\r\n\r\n".length);
    },
    headers: `${ok}Content-Type: application/json\r\n\r\n`,
    piece: chunk('{"stream":"Loading"}\n'),
    ...chunks,
  },
  {
    name: "hijacked",
    operation: "ExecStart",
    path: "/v1.51/exec/e/start",
    iterated: true,
    run: async (docker, { options, onPiece }) => {
      const stream = await docker.execs.start("e", { Tty: false, ...options });
      await stream.stdin.write("hello");
      await readAll(stream, onPiece);
    },
    readRequest,
    headers: `HTTP/1.1 101 UPGRADED\r\n${frames}Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n`,
    piece: frame,
    half: frame.slice(0, 10),
    garbage: "HTTP/1.1 500 Error\r\n",
  },
];

async function readAll(pieces: AsyncIterable<unknown>, onPiece: OnPiece): Promise<void> {
  for await (const _piece of pieces) {
    if (onPiece() === "leave") {
      return;
    }
  }
}

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}
