import { join } from "node:path";
import { ConfigError } from "../errors/config-error.ts";
import { readConfigFile } from "./config-file.ts";
import { engineOf, readContext, readContexts, type StoredContext } from "./context-store.ts";
import type { ContextDescription, ContextSummary } from "./contexts.ts";
import { formatEndpoint } from "./endpoint.ts";
import { Members } from "./json-file.ts";
import { contextOf, defaultCandidates } from "./resolve.ts";
import { type Choice, defaultContext, select } from "./selection.ts";
import { configFolderOf, type Surroundings } from "./surroundings.ts";
import { tlsFilesIn } from "./tls-files.ts";
import { changeConfigFile } from "./write-config-file.ts";

/** The name of the context in use. */
export async function currentContext(choice: Choice, surroundings: Surroundings): Promise<string> {
  const selection = select(choice, surroundings);
  return contextOf(selection, await readConfigFile(configFolderOf(choice.configFolder, surroundings))).name;
}

/** All contexts, as `docker context ls` lists them. */
export async function listContexts(choice: Choice, surroundings: Surroundings): Promise<readonly ContextSummary[]> {
  const current = await currentContext(choice, surroundings);
  const stored = await readContexts(configFolderOf(choice.configFolder, surroundings));
  const { Endpoints } = await describeDefault(choice, surroundings);
  const rows = [
    row(defaultContext, "Current DOCKER_HOST based configuration", Endpoints.docker.Host, current),
    ...stored.map((context) => summaryOf(context, current)),
  ];
  if (!rows.some(({ Name }) => Name === current)) {
    rows.push(row(current, "", "", current, `The context ${JSON.stringify(current)} does not exist`));
  }
  return rows.sort((a, b) => naturalOrder(a.Name, b.Name));
}

/** Capital letters first, and `node2` before `node10`, as in the docker CLI (cli:cli/command/context/list.go:110). */
function naturalOrder(a: string, b: string): number {
  const others = b.match(parts) ?? [];
  for (const [index, part] of (a.match(parts) ?? []).entries()) {
    const other = others[index] ?? "";
    if (part !== other) {
      return numericOrder(part, other) ?? (part < other ? -1 : 1);
    }
  }
  return a.length - b.length;
}

/** Digits or none: where two names differ, both must have digits to be compared as numbers. */
const parts = /\d+|\D+/g;

function numericOrder(a: string, b: string): number | undefined {
  return /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) || a.length - b.length : undefined;
}

function summaryOf(context: StoredContext, current: string): ContextSummary {
  const { metadata, metadataFolder, name } = context;
  const description = new Members(metadata, metadataFolder).string("Description") ?? "";
  try {
    return row(name, description, engineOf(context).host, current);
  } catch (error) {
    if (error instanceof ConfigError) {
      return row(name, description, "", current, error.message);
    }
    throw error;
  }
}

function row(Name: string, Description: string, DockerEndpoint: string, current: string, fault = ""): ContextSummary {
  return { Current: Name === current, Description, DockerEndpoint, Error: fault, Name };
}

/** One context, as `docker context inspect` prints it. */
export async function inspectContext(
  name: string,
  choice: Choice,
  surroundings: Surroundings,
): Promise<ContextDescription> {
  if (name === defaultContext) {
    return describeDefault(choice, surroundings);
  }
  const context = await readContext(configFolderOf(choice.configFolder, surroundings), name);
  const { host, skipTlsVerify } = engineOf(context);
  const files = await tlsFilesIn(join(context.tlsFolder, "docker"));
  return {
    Name: context.name,
    Metadata: context.metadata,
    Endpoints: { ...context.endpoints, docker: { Host: host, SkipTLSVerify: skipTlsVerify } },
    TLSMaterial: files.length === 0 ? {} : { docker: files },
    Storage: { MetadataPath: context.metadataFolder, TLSPath: context.tlsFolder },
  };
}

async function describeDefault(choice: Choice, surroundings: Surroundings): Promise<ContextDescription> {
  const named: Choice = { ...choice, context: choice.host === undefined ? defaultContext : undefined };
  const selection = select(named, surroundings);
  const folder = configFolderOf(choice.configFolder, surroundings);
  const [first] = await defaultCandidates(selection, named, surroundings, folder);
  const tls = first?.endpoint.kind === "tcp" ? first.endpoint.tls : undefined;
  const files = (["ca", "cert", "key"] as const).filter((part) => tls?.[part] !== undefined);
  return {
    Name: defaultContext,
    Metadata: {},
    Endpoints: {
      docker: { Host: first ? formatEndpoint(first.endpoint) : "", SkipTLSVerify: tls?.skipVerify ?? false },
    },
    TLSMaterial: tls === undefined ? {} : { docker: files.map((part) => `${part}.pem`) },
    Storage: { MetadataPath: "<IN MEMORY>", TLSPath: "<IN MEMORY>" },
  };
}

/** Makes a context the one in use. */
export async function useContext(name: string, choice: Choice, surroundings: Surroundings): Promise<void> {
  const folder = configFolderOf(choice.configFolder, surroundings);
  if (name !== defaultContext) {
    await readContext(folder, name);
  }
  await changeConfigFile(folder, (content) => {
    // Members of any case name it, and all but one would be left over.
    const others = Object.entries(content).filter(([key]) => key.toLowerCase() !== "currentcontext");
    return { ...Object.fromEntries(others), ...(name !== defaultContext && { currentContext: name }) };
  });
}
