import assert from "node:assert/strict";
import { describe } from "node:test";
import { inspect } from "node:util";
import { InvalidRequestError, StatusError } from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { hub, Noting } from "./providers.ts";
import { answer, exchange } from "./support.ts";

const registry = "registry.example:5000";

describe("a login", () => {
  leakCheck();
  const ann = { username: "ann", password: "s3cret" };

  const plain = new Noting();
  exchange(
    "is checked by the engine, and then kept",
    () => answer(200, { Status: "Login Succeeded" }),
    async ({ docker, seen }) => {
      const login = { ...ann, serveraddress: `https://${registry}/v1/` };
      const result = await docker.registry.login(login);
      assert.deepEqual(result, { registry, status: "Login Succeeded" });
      assert.equal(seen[0]?.line, "POST /v1.51/auth");
      assert.deepEqual(JSON.parse(seen[0]?.body ?? ""), { ...ann, serveraddress: registry });
      assert.deepEqual(plain.kept, new Map([[registry, { ...ann, serveraddress: registry }]]));
      for (const serveraddress of [undefined, "docker.io", "index.docker.io", hub]) {
        assert.equal((await docker.registry.login({ ...ann, serveraddress })).registry, hub);
      }
      await docker.registry.logout();
      await docker.registry.logout(`http://${registry}`);
      assert.deepEqual(plain.asked, [`erase ${hub}`, `erase ${registry}`]);
    },
    { credentials: plain },
  );

  const tokens = new Noting();
  exchange(
    "keeps the registry's identity token in place of the password",
    () => answer(200, { Status: "Login Succeeded", IdentityToken: "t0ken" }),
    async ({ docker }) => {
      const result = await docker.registry.login({ ...ann, serveraddress: registry });
      assert.deepEqual(result, { registry, status: "Login Succeeded" });
      const kept = { username: "ann", identitytoken: "t0ken", serveraddress: registry };
      assert.deepEqual(tokens.kept.get(registry), kept);
    },
    { credentials: tokens },
  );

  const refused = new Noting();
  exchange(
    "that the registry refuses is not kept, and its failure does not show the password",
    () => answer(401, { message: "unauthorized" }),
    async ({ docker }) => {
      const outcome = await docker.registry.login(ann).outcome();
      assert.deepEqual([outcome.kind, outcome.status], ["Unauthorized", 401]);
      const error = await docker.registry.login(ann).catch((failure: unknown) => failure);
      assert.ok(error instanceof StatusError);
      assert.doesNotMatch(inspect(error, { depth: 9 }), /s3cret/);
      assert.equal(refused.kept.size, 0);
    },
    { credentials: refused },
  );

  const unsent = new Noting();
  exchange(
    "without a name, a password or a registry's name is not sent",
    () => answer(200, { Status: "Login Succeeded" }),
    async ({ docker, seen }) => {
      for (const login of [
        { ...ann, username: "" },
        { ...ann, password: "" },
        { ...ann, serveraddress: "" },
        { ...ann, serveraddress: "two words" },
        { ...ann, serveraddress: "ann:s3cret@registry.example" },
      ]) {
        const error = await docker.registry.login(login).catch((failure: unknown) => failure);
        assert.ok(error instanceof InvalidRequestError);
        assert.doesNotMatch(inspect(error), /s3cret/);
      }
      assert.equal(seen.length, 0);
    },
    { credentials: unsent },
  );
});
