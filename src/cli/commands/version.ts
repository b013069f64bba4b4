import { newestVersion, oldestVersion, type SystemVersion } from "../../index.ts";
import { clientVersion } from "../client-version.ts";
import { type Command, defineCommand } from "../command.ts";
import { toPrettyJson } from "../json.ts";
import { printable } from "../printable.ts";

/** `fairlead version` */
export const version: Command = defineCommand({
  usage: "",
  minOperands: 0,
  maxOperands: 0,
  options: {},
  examples: ["fairlead version", "fairlead version --json"],
  async run({ docker, io, json, report }) {
    const client = { Version: clientVersion(), ApiVersion: newestVersion, MinAPIVersion: oldestVersion };
    const asked = docker.system.version({ signal: io.signal });
    // The client's part is printed even when there is no engine.
    const server = await asked.catch(report);
    const text = `Client:\n${clientLines(client)}${server ? `\nServer:\n${serverLines(server)}` : ""}`;
    await io.stdout.write(json ? `${toPrettyJson({ Client: client, Server: server ?? null })}\n` : text);
  },
});

type ClientVersion = Pick<SystemVersion, "Version" | "ApiVersion" | "MinAPIVersion">;

function clientLines(client: ClientVersion): string {
  return lines([
    ["Version", client.Version],
    ["API versions", `${client.MinAPIVersion} to ${client.ApiVersion}`],
    ["Node.js", process.versions.node],
    ["OS/Arch", `${process.platform}/${process.arch}`],
  ]);
}

function serverLines(server: SystemVersion): string {
  const [engine, ...parts] = server.Components ?? [];
  return lines([
    ["Engine", engine?.Name],
    ["Version", server.Version],
    ["API versions", `${server.MinAPIVersion} to ${server.ApiVersion}`],
    ["OS/Arch", `${server.Os}/${server.Arch}`],
    ["Kernel", server.KernelVersion],
    ["Git commit", server.GitCommit],
    ["Built", server.BuildTime],
    ...parts.map(({ Name, Version }): [string, string] => [Name, Version]),
  ]);
}

function lines(rows: readonly (readonly [name: string, value: string | undefined])[]): string {
  const known = rows.filter(([, value]) => value);
  return known.map(([name, value]) => `${printable(` ${`${name}:`.padEnd(14)} ${value}`)}\n`).join("");
}
