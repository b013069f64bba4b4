import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { ConnectError, Docker, type DockerOptions } from "../../src/index.ts";
import { type Certificate, issue, makeAuthority } from "../support/certificates.ts";
import { leakCheck } from "../support/leaks.ts";
import { pemsIn, tlsFolders, tlsHosts } from "../support/ways.ts";

if (tlsHosts.size === 0) {
  const title = "failures of TLS are not tested: no engine in FAIRLEAD_TEST_TLS";
  console.error(title);
  it(title, { skip: process.env["CI"] === undefined }, () => assert.fail(title));
}

for (const [name, host] of tlsHosts) {
  describe(`TLS with ${name}`, { timeout: 600_000 }, () => scenarios(name, host));
}

function scenarios(name: string, host: string): void {
  let pems: { ca: string; cert: string; key: string };
  let authority: Certificate;
  before(async () => {
    pems = await pemsIn(name);
    authority = { cert: pems.ca, key: await readFile(join(tlsFolders.get(name) ?? "", "ca-key.pem"), "utf8") };
  });
  leakCheck();

  const refused = async (tls: DockerOptions["tls"], message: RegExp): Promise<void> => {
    await using docker = new Docker({ host, tls, apiVersion: "1.41" }); // asks nothing before the upload
    const endless = (async function* () {
      for (;;) {
        yield Buffer.alloc(65536);
      }
    })();
    const upload = () => docker.containers.putArchive("x", endless, { path: "/" });
    for (const call of [upload, () => docker.system.version()]) {
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof ConnectError, String(error));
        assert.match(error.message, message);
        assert.equal(error.attempts[0]?.endpoint, host);
        return true;
      });
    }
  };

  it("accepts a client whose certificate the engine's authority signed, and no other", async () => {
    await using docker = new Docker({ host, tls: await client(authority) });
    assert.match((await docker.system.version()).ApiVersion ?? "", /^1\./);
    await refused(await client(await makeAuthority()), /the engine refuses the client's certificate/);
  });

  it("tells of a client without a certificate", async () => {
    await refused({ ca: pems.ca }, /the engine wants a client's certificate, and there is none\. Set DOCKER_CERT_PATH/);
  });

  it("tells of a client whose certificate has expired", async () => {
    await refused(await client(authority, true), /the engine refuses the client's certificate/);
  });

  it("tells of an engine whose certificate somebody else signed", async () => {
    await refused({ ...pems, ca: (await makeAuthority()).cert }, /signed by nobody who is trusted/);
  });

  it("tells of an engine whose certificate is for other names", async () => {
    await refused({ ...pems, serverName: "other.example" }, /the engine's certificate is for other names/);
  });

  it("tells of plain HTTP that is sent to the engine's port", async () => {
    await using docker = new Docker({ host, timeouts: { connectMs: 60_000 } });
    await assert.rejects(docker.system.version(), (error) => {
      assert.ok(error instanceof ConnectError, String(error));
      assert.match(error.message, /the port speaks TLS, and Fairlead spoke plain HTTP\. Set DOCKER_TLS_VERIFY=1/);
      return true;
    });
  });

  async function client(signer: Certificate, expired: boolean = false): Promise<NonNullable<DockerOptions["tls"]>> {
    return { ca: pems.ca, ...(await issue(signer, { expired })) };
  }
}
