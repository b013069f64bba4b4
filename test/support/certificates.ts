import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** How a certificate differs from one that is good for both sides on this machine. */
export interface CertificateOptions {
  /** Whether it expired yesterday. Default: false. */
  readonly expired?: boolean;
  /** For whom it is, as OpenSSL writes it. Default: `IP:127.0.0.1,DNS:localhost`. */
  readonly names?: string;
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** Makes an authority that signs certificates. */
export async function makeAuthority(): Promise<Certificate> {
  const names = ["-subj", "/CN=fairlead-test", "-addext", "keyUsage=critical,keyCertSign"];
  return inFolder(async (folder) => {
    await run("openssl", ["req", "-x509", ...newKey, ...names, "-keyout", "key", "-out", "cert"], { cwd: folder });
    return pairIn(folder);
  });
}

/** Makes a certificate that the authority signs. */
export function issue(authority: Certificate, options: CertificateOptions = {}): Promise<Certificate> {
  return inFolder(async (folder) => {
    const { expired = false, names = "IP:127.0.0.1,DNS:localhost" } = options;
    await writeFile(join(folder, "ca"), authority.cert);
    await writeFile(join(folder, "ca-key"), authority.key);
    await writeFile(join(folder, "extensions"), `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`);
    const subject = ["-subj", "/CN=fairlead-test"];
    await run("openssl", ["req", ...newKey, ...subject, "-keyout", "key", "-out", "request"], { cwd: folder });
    const signer = ["-CA", "ca", "-CAkey", "ca-key", "-set_serial", String(Date.now())];
    const terms = ["-days", expired ? "-1" : "1", "-extfile", "extensions"];
    await run("openssl", ["x509", "-req", "-in", "request", ...signer, ...terms, "-out", "cert"], { cwd: folder });
    return pairIn(folder);
  });
}

async function pairIn(folder: string): Promise<Certificate> {
  const [cert, key] = await Promise.all(["cert", "key"].map((name) => readFile(join(folder, name), "utf8")));
  return { cert: cert ?? "", key: key ?? "" };
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
