import { encodeFrame } from "../http/frames.ts";
import { jsonText } from "../http/json-text.ts";
import type { OperationId } from "../http/routes.ts";
import type { Fault } from "./fault.ts";

/** A page of a proxy in front of an engine that it cannot reach. @param status Default: 502 */
export function proxyPage(status: number = 502): Fault {
  const body = `<html>\r\n<head><title>${status} Bad Gateway</title></head>\r\n<body>\r\n<center><h1>${status} Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n`;
  return { kind: "answer", status, body, contentType: "text/html" };
}

/** What dockerd puts into logs when it cannot read on: a frame of type 3 (moby:daemon/server/httputils/logstream). */
export function logError(message: string, afterBytes: number = Number.POSITIVE_INFINITY): Fault {
  const data = encodeFrame("error", Buffer.from(`Error grabbing logs: ${message}\n`));
  return { kind: "insert", at: "body", afterBytes, data };
}

/** An error in the progress of a pull, push, build or load, whose answer began as a success. Nothing is done. */
export function progressError(message: string, before: readonly object[] = []): Fault {
  const lines = [...before, { errorDetail: { message }, error: message }];
  return { kind: "answer", status: 200, body: lines.map((line) => `${jsonText(line).trimEnd()}\r\n`).join("") };
}

/** An error behind a tar that was begun (moby:daemon/server/router/image/image_routes.go:275-280). */
export function trailingError(message: string, afterBytes: number = Number.POSITIVE_INFINITY): Fault {
  return { kind: "insert", at: "body", afterBytes, data: jsonText({ message }) };
}

function failure(path: string): Fault {
  return { kind: "answer", status: 500, body: { message: `write ${path}: no space left on device` } };
}

const id = "0e6bb4bbbd6a6fa4b6a7ae1b2f2a39ea50ed11c9f2b4d0a6ac3d25b8b9e0b3f1";

/** What the operations that write answer on a full disk; all but the pull was seen on Docker 28.5.2. */
export const noSpace: readonly (readonly [OperationId, Fault])[] = [
  ["ContainerCreate", failure(`/var/lib/docker/overlay2/${id}-init/.tmp-link4273759958`)],
  ["ContainerStart", failure(`/var/lib/docker/containers/${id}/hosts`)],
  ["PutContainerArchive", failure("/tmp/file")],
  ["ImageBuild", failure("/Dockerfile")],
  ["ImageCommit", failure(`/var/lib/docker/overlay2/${id}/.tmp-link2339729654`)],
  ["ImageLoad", progressError(`write /blobs/sha256/${id}: no space left on device`)],
  ["ImageCreate", progressError("write /var/lib/docker/tmp/GetImageBlob1848215402: no space left on device")],
  [
    "NetworkCreate",
    {
      kind: "answer",
      status: 500,
      body: {
        message:
          "failed to update bridge store for object type *bridge.networkConfiguration: write /var/lib/docker/network/files/local-kv.db: no space left on device",
      },
    },
  ],
];
