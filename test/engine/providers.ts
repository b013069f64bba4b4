import type { AuthConfig, CredentialsProvider } from "../../src/index.ts";

/** Under this name the credentials of Docker Hub are asked for. */
export const hub = "https://index.docker.io/v1/";

// Its JSON in base64 has both characters in which base64url differs, and padding.
const password = "~~~ûï¾>>>???s3cret";

/** What `Noting` has for a registry. */
export function credentialsOf(serveraddress: string): AuthConfig {
  return { username: "ann", password, serveraddress };
}

/** A provider that has credentials for everything, and notes what it was asked for. */
export class Noting implements Required<CredentialsProvider> {
  readonly asked: string[] = [];
  readonly kept: Map<string, AuthConfig> = new Map<string, AuthConfig>();

  async get(name: string): Promise<AuthConfig> {
    this.asked.push(name);
    return credentialsOf(name);
  }

  async all(): Promise<Record<string, AuthConfig>> {
    this.asked.push("all");
    return { [hub]: credentialsOf(hub) };
  }

  async store(name: string, credentials: AuthConfig): Promise<void> {
    this.kept.set(name, credentials);
  }

  async erase(name: string): Promise<void> {
    this.asked.push(`erase ${name}`);
  }
}

/** A provider that answers when it is told to. */
export class Waiting implements CredentialsProvider {
  readonly signals: AbortSignal[] = [];
  #began: () => void = () => {};
  #release: () => void = () => {};
  readonly #beginning = new Promise<void>((resolve) => {
    this.#began = resolve;
  });
  readonly #released = new Promise<void>((resolve) => {
    this.#release = resolve;
  });

  async get(_name: string, signal: AbortSignal): Promise<undefined> {
    this.signals.push(signal);
    this.#began();
    await this.#released;
  }

  begun(): Promise<void> {
    return this.#beginning;
  }

  release(): void {
    this.#release();
  }
}
