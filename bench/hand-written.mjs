/** What a program without a client would do: the least that the same work costs. */
import { Agent, request } from "node:http";
import { connect } from "node:net";

/** Sends requests one after the other over one kept connection of `node:http`. */
export class HttpCaller {
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #socketPath;

  constructor(socketPath) {
    this.#socketPath = socketPath;
  }

  json(path, method, body) {
    return new Promise((resolve, reject) => {
      this.open(path, method, body).then((response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
        response.on("error", reject);
      }, reject);
    });
  }

  head(path) {
    return this.open(path, "HEAD").then((response) => new Promise((resolve) => response.on("end", resolve).resume()));
  }

  open(path, method = "GET", body = undefined) {
    return new Promise((resolve, reject) => {
      request(this.#options(path, method, body), resolve)
        .on("error", reject)
        .end(JSON.stringify(body));
    });
  }

  /** Turns a connection of its own into a stream. */
  upgrade(path, body) {
    return new Promise((resolve, reject) => {
      const options = this.#options(path, "POST", body);
      const headers = { ...options.headers, Connection: "Upgrade", Upgrade: "tcp" };
      request({ ...options, headers, agent: false })
        .on("upgrade", (_, socket, head) => {
          socket.unshift(head);
          resolve(socket);
        })
        .on("error", reject)
        .end(JSON.stringify(body));
    });
  }

  #options(path, method, body) {
    const headers = body === undefined ? {} : { "Content-Type": "application/json" };
    return { agent: this.#agent, socketPath: this.#socketPath, path, method, headers };
  }

  close() {
    this.#agent.destroy();
  }
}

/** Sends requests one after the other over a bare socket, and looks only for the end of each answer. */
export class SocketCaller {
  #socket;
  #received = "";
  #resolve;
  #ended;

  constructor(socketPath) {
    this.#socket = connect(socketPath);
    this.#socket.on("data", (chunk) => this.#take(chunk.latin1Slice()));
  }

  json(path) {
    return this.#send(`GET ${path}`, (text) => {
      const body = text.indexOf("\r\n\r\n") + 4;
      const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
      return body > 3 && text.length >= body + Number(length) ? JSON.parse(text.slice(body)) : undefined;
    });
  }

  head(path) {
    return this.#send(`HEAD ${path}`, (text) => text.endsWith("\r\n\r\n") || undefined);
  }

  close() {
    this.#socket.destroy();
  }

  #send(start, ended) {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#ended = ended;
      this.#socket.write(`${start} HTTP/1.1\r\nHost: engine\r\n\r\n`);
    });
  }

  #take(text) {
    this.#received += text;
    const result = this.#ended(this.#received);
    if (result !== undefined) {
      this.#received = "";
      this.#resolve(result);
    }
  }
}
