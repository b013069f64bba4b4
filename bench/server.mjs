// The engine of the measurements: an HTTP server on a Unix socket in a process of its own, so that its work is not
// counted as the client's. It knows the few paths that the measurements ask for.
import { createServer } from "node:http";
import { encodedFrames, encodedLines, eventRecords, progressRecords, versionBody } from "./bodies.mjs";

const headers = { "Api-Version": "1.51", Server: "Docker/28.5.2 (linux)" };

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://engine");
  const path = pathname.replace(/^\/v\d+\.\d+/, "");
  const logs = /^\/containers\/frames-of-(\d+)-(\d+)\/logs$/.exec(path);
  const release = /^\/release\/(\d+)$/.exec(path);
  if (path === "/_ping") {
    response.writeHead(200, headers).end(request.method === "HEAD" ? undefined : "OK");
  } else if (path === "/version") {
    response.writeHead(200, { ...headers, "Content-Type": "application/json", "Content-Length": versionBody.length });
    response.end(versionBody);
  } else if (logs) {
    response.writeHead(200, { ...headers, "Content-Type": "application/vnd.docker.multiplexed-stream" });
    send(response, encodedFrames(Number(logs[1])), Number(logs[2]));
  } else if (path === "/containers/lines/logs") {
    response.writeHead(200, { ...headers, "Content-Type": "application/vnd.docker.multiplexed-stream" });
    followLines(response);
  } else if (release) {
    sendLines(Number(release[1]));
    response.writeHead(204, headers).end();
  } else if (path === "/images/create") {
    sendRecords(response, progressRecords, Number(searchParams.get("fromImage")?.split("/").pop()));
  } else if (path === "/events") {
    sendRecords(response, eventRecords, Number(searchParams.get("until")));
  } else {
    response.writeHead(404, { ...headers, "Content-Type": "application/json" }).end('{"message":"page not found"}');
  }
});

let waiting = [];

/** Sends the first line at once, and the others when they are asked for. */
function followLines(response) {
  response.write(encodedLines(1));
  waiting.push(response);
}

/** Sends so many other lines in every stream that waits for them. */
function sendLines(count) {
  const lines = encodedLines(count);
  const all = waiting;
  waiting = [];
  for (const response of all) {
    send(response, lines, 1);
  }
}

/** Sends so many records. */
function sendRecords(response, records, count) {
  response.writeHead(200, { ...headers, "Content-Type": "application/json" });
  send(response, records, count / 1000);
}

/** Sends a block so many times, the last time in part, in chunks of 64 KiB and no faster than they are taken. */
function send(response, block, times) {
  const length = block.length * times;
  let sent = 0;
  const sendMore = () => {
    while (sent < length && !response.destroyed) {
      const start = sent % block.length;
      const chunk = block.subarray(start, Math.min(start + 65_536, start + length - sent));
      sent += chunk.length;
      if (!response.write(chunk)) {
        response.once("drain", sendMore);
        return;
      }
    }
    response.end();
  };
  sendMore();
}

const socket = process.argv[2];
server.keepAliveTimeout = 0;
server.listen(socket, () => process.send?.("listening"));
process.on("disconnect", () => process.exit());
