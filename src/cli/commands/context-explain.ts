import { Docker, type EngineExplanation, type TlsExplanation, type UntakenSource } from "../../index.ts";
import { type Command, defineCommand } from "../command.ts";
import { toPrettyJson } from "../json.ts";
import { printable } from "../printable.ts";

/** `fairlead context explain` */
export const contextExplain: Command = defineCommand({
  usage: "",
  minOperands: 0,
  maxOperands: 0,
  options: {},
  examples: ["fairlead context explain", "DOCKER_CONTEXT=build-machine fairlead context explain --json"],
  async run({ options, io, json }) {
    const explanation = await Docker.explain(options);
    await io.stdout.write(json ? `${toPrettyJson(explanation)}\n` : textOf(explanation));
  },
});

function textOf({ endpoint, source, context, tls, apiVersion, headers, configFile, tried }: EngineExplanation): string {
  const lines = [
    `Engine:   ${endpoint ?? "none; nobody listens at the well-known sockets"}`,
    `Source:   ${source ?? "none"}`,
    `Context:  ${context}`,
    `TLS:      ${tls === undefined ? "no" : tlsText(tls)}`,
    `API:      ${apiVersion ?? "negotiated"}`,
    `Headers:  ${headers.join(", ") || "none"}`,
    `Config:   ${configFile}`,
    "",
    "Not taken:",
    ...tried.map((untaken) => `  ${untakenText(untaken)}`),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function tlsText({ verified, authorities, clientCertificate, serverName }: TlsExplanation): string {
  return [
    verified ? `the engine's certificate is verified (authorities: ${authorities})` : "any certificate is taken",
    ...(serverName === undefined ? [] : [`it must be that of ${serverName}`]),
    clientCertificate ? "with a client certificate" : "without a client certificate",
  ].join("; ");
}

function untakenText({ source, endpoint, reason }: UntakenSource): string {
  return `${source}${endpoint === undefined ? "" : ` (${endpoint})`}: ${reason}`;
}
