import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A context as a test describes it. */
export interface GivenContext {
  /** Default: the context has no engine. */
  readonly host?: string;
  readonly skipTlsVerify?: boolean;
  readonly description?: string;
  /** The content of the files of its TLS material, by name. */
  readonly tls?: Readonly<Record<string, string>>;
}

/** A folder as the docker CLI has it at `~/.docker`, removed at the end of its scope. */
export class ConfigFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<ConfigFolder> {
    return new ConfigFolder(await mkdtemp(join(tmpdir(), "fairlead-config-")));
  }

  /** A folder in this one, which need not be there yet. */
  below(name: string): ConfigFolder {
    return new ConfigFolder(join(this.path, name));
  }

  /** Writes a file, and the folders above it. Gives its path. */
  async write(name: string, content: string | object): Promise<string> {
    const path = join(this.path, name);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  }

  /** Writes a context. Gives its `meta.json`. */
  async context(name: string, { host, skipTlsVerify = false, description, tls = {} }: GivenContext): Promise<string> {
    const id = createHash("sha256").update(name).digest("hex");
    for (const [file, content] of Object.entries(tls)) {
      await this.write(`contexts/tls/${id}/docker/${file}`, content);
    }
    return this.write(`contexts/meta/${id}/meta.json`, {
      Name: name,
      Metadata: description === undefined ? {} : { Description: description },
      Endpoints: host === undefined ? {} : { docker: { Host: host, SkipTLSVerify: skipTlsVerify } },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}

/** Gives this process those variables, and no others that Docker knows. The home folder is read from the real ones. */
export function setEnvironment(variables: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env).filter((name) => name.startsWith("DOCKER_"))) {
    delete process.env[name];
  }
  Object.assign(process.env, variables);
}
