import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Docker } from "../../src/index.ts";
import { answer, readRequest, type Seen } from "../engine/support.ts";
import { leakCheck } from "../support/leaks.ts";
import { RawServer } from "../support/raw-server.ts";

leakCheck();

const secret = "hunter2-Tr0ub4dor";
const encoded = [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)];
const registryAuth = { username: "me", password: secret, serveraddress: "registry.example" };

/** Every call that carries a secret, and where the engine gets it. */
const carriers: Readonly<Record<string, (docker: Docker) => PromiseLike<unknown>>> = {
  "images.pull": (docker) => docker.images.pull("registry.example/a", { registryAuth }),
  "images.push": (docker) => docker.images.push("registry.example/a", { registryAuth }),
  "distribution.inspect": (docker) => docker.distribution.inspect("registry.example/a", { registryAuth }),
  "system.auth": (docker) => docker.system.auth(registryAuth),
  "containers.create": (docker) => docker.containers.create({ Image: "a", Env: [`PASSWORD=${secret}`] }),
  "secrets.create": (docker) => docker.secrets.create({ Name: "a", Data: Buffer.from(secret).toString("base64") }),
  "swarm.unlock": (docker) => docker.swarm.unlock({ UnlockKey: secret }),
  "swarm.join": (docker) => docker.swarm.join({ JoinToken: secret, RemoteAddrs: ["a"], ListenAddr: "b" }),
};

/** How the engine, or the way to it, fails. */
const failures: Readonly<Record<string, string | undefined>> = {
  "the engine refuses": answer(500, { message: "no" }),
  "the answer is undocumented": answer(418, "no"),
  "the answer is not JSON": answer(201, "{"),
  "the answer breaks off": "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
  "the answer is not HTTP": "no\r\n\r\n",
  "the connection closes": "",
  "nobody listens": undefined,
};

for (const [name, call] of Object.entries(carriers)) {
  for (const [why, reply] of Object.entries(failures)) {
    test(`${name} keeps its secret when ${why}`, { timeout: 600_000 }, async () => {
      const { error, seen, docker } = await failed(call, reply);
      assert.ok(error instanceof Error, `it does not fail: ${inspect(error)}`);
      for (const form of encoded) {
        assert.ok(!shown(error).includes(form), `the error shows ${form}: ${shown(error)}`);
        assert.ok(!shown(docker).includes(form), "the client shows it");
        assert.ok(!seen.some(({ line }) => line.includes(form)), "the URL shows it");
      }
      assert.ok(reply === undefined || seen.some(carries), "the engine did get it, or nothing was tried");
    });
  }
}

/** Makes the call, and gives what it threw. */
async function failed(
  call: (docker: Docker) => PromiseLike<unknown>,
  reply: string | undefined,
): Promise<{ error: unknown; seen: readonly Seen[]; docker: Docker }> {
  const seen: Seen[] = [];
  await using server = await RawServer.listen("unix", async (connection) => {
    seen.push(await readRequest(connection));
    await connection.write(reply ?? "");
    connection.close();
  });
  await using docker = new Docker({
    host: `${server.dialer.endpoint}${reply === undefined ? ".none" : ""}`,
    apiVersion: "1.51",
  });
  const error = await Promise.resolve(call(docker)).then(
    (value) => value,
    (reason: unknown) => reason,
  );
  return { error, seen, docker };
}

/** Whether the request holds the secret, as it is or in base64. */
function carries({ head, body }: Seen): boolean {
  const auth = /^x-registry-auth: (.*)\r$/im.exec(head)?.[1] ?? "";
  const texts = [body, Buffer.from(auth, "base64url").toString()];
  return texts.some((text) => encoded.some((form) => text.includes(form)));
}

/** All that a log could show of a value. */
function shown(value: unknown): string {
  const all = { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null, maxArrayLength: null };
  return [inspect(value, all), String(value), JSON.stringify(value), value instanceof Error ? value.stack : ""].join(
    "\n",
  );
}
