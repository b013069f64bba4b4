import { CredentialsError } from "../errors/credentials-error.ts";
import { type HelperLimits, runHelper } from "./helper-process.ts";
import { isObject, type JsonObject } from "./json-file.ts";
import type { RegistryCredentials } from "./registry-credentials.ts";

/** A helper that keeps an identity token says so by this name (docker-credential-helpers' convention). */
const tokenUser = "<token>";

/** The words of docker-credential-helpers for credentials that it does not have. They are no failure. */
const notFound = /^credentials not found in native keychain$/;

/**
 * A program that keeps credentials: `docker-credential-NAME get|list|store|erase`. It reads what it is asked from its
 * standard input, so that nothing secret stands in a list of processes.
 *
 * Every method throws a CredentialsError if the program is missing, fails, takes too long or answers nonsense.
 */
export class CredentialHelper {
  readonly #program: string;
  readonly #limits: HelperLimits;

  constructor(name: string, limits: HelperLimits) {
    this.#program = `docker-credential-${name}`;
    this.#limits = limits;
  }

  /** The credentials of a registry; undefined if the helper has none. */
  async get(registry: string): Promise<RegistryCredentials | undefined> {
    const run = new HelperRun(this.#program, "get", registry);
    const answer = await run.answer(registry, this.#limits);
    if (answer === undefined) {
      return undefined;
    }
    const { Username, Secret } = run.parse(answer);
    if (typeof Username !== "string" || typeof Secret !== "string") {
      throw run.failure("its answer has no Username and Secret");
    }
    // docker-credential-pass answers so for a registry that it does not know.
    if (Username === "" && Secret === "") {
      return undefined;
    }
    return Username === tokenUser
      ? { identitytoken: Secret, serveraddress: registry }
      : { username: Username, password: Secret, serveraddress: registry };
  }

  /** The registries whose credentials the helper has. */
  async list(): Promise<readonly string[]> {
    const run = new HelperRun(this.#program, "list");
    const answer = await run.answer("", this.#limits);
    return answer === undefined ? [] : Object.keys(run.parse(answer));
  }

  /** Hands credentials to the helper to keep. */
  async store(registry: string, { username = "", password = "", identitytoken }: RegistryCredentials): Promise<void> {
    const Secret = identitytoken || password;
    const kept = { ServerURL: registry, Username: identitytoken ? tokenUser : username, Secret };
    await new HelperRun(this.#program, "store", registry, Secret).answer(JSON.stringify(kept), this.#limits);
  }

  /** Has the helper forget the credentials of a registry. */
  async erase(registry: string): Promise<void> {
    await new HelperRun(this.#program, "erase", registry).answer(registry, this.#limits);
  }
}

/** One question to a helper. */
class HelperRun {
  readonly #asked: Pick<CredentialsError, "helper" | "action" | "registry">;
  readonly #secret: string | undefined;

  constructor(helper: string, action: CredentialsError["action"], registry?: string, secret?: string) {
    this.#asked = { helper, action, registry };
    this.#secret = secret;
  }

  /** What the helper prints; undefined if it says that it has no such credentials. */
  async answer(input: string, limits: HelperLimits): Promise<string | undefined> {
    const { helper, action } = this.#asked;
    const ended = await runHelper(helper, action, input, limits);
    if ("failure" in ended) {
      throw this.failure(ended.failure, ended.cause);
    }
    const { code, stdout, stderr } = ended;
    if (code === 0) {
      return stdout;
    }
    if (notFound.test(stdout.trim())) {
      return undefined;
    }
    throw this.failure(this.#words(stdout) || this.#words(stderr) || `it ended with ${code ?? "a signal"}`);
  }

  /** Reads an answer. The text itself is never shown: it may hold a secret. */
  parse(answer: string): JsonObject {
    let value: unknown;
    try {
      value = JSON.parse(answer);
    } catch {
      throw this.failure("its answer is not JSON");
    }
    if (!isObject(value)) {
      throw this.failure("its answer is no JSON object");
    }
    return value;
  }

  failure(reason: string, cause?: Error): CredentialsError {
    const { helper, action, registry } = this.#asked;
    const asked = registry === undefined ? `${helper} ${action}` : `${helper} ${action} for ${registry}`;
    return new CredentialsError(`${asked} failed: ${reason}`, this.#asked, cause);
  }

  /** A helper's own words, unless they are an answer, or repeat the secret that it was given. */
  #words(text: string): string {
    const line = text.trim().replace(/\s+/g, " ").slice(0, 500);
    const isAnswer = line.startsWith("{") || /"Secret"/i.test(line);
    return isAnswer || (this.#secret && text.includes(this.#secret)) ? "" : line;
  }
}
