import { Contexts } from "../../index.ts";
import { type Command, type Context, defineCommand } from "../command.ts";
import { toPrettyJson } from "../json.ts";
import { printable } from "../printable.ts";
import { formatTable } from "../table.ts";

const quiet = { type: "boolean", short: "q", summary: "Print only the names" } as const;

/** `fairlead context ls` */
export const contextLs: Command = defineCommand({
  usage: "[FLAGS]",
  minOperands: 0,
  maxOperands: 0,
  options: { quiet },
  examples: ["fairlead context ls", "fairlead context ls --json"],
  async run({ options, flags, io, json }) {
    const contexts = await new Contexts(options).list();
    const names = contexts.map(({ Name }) => `${printable(Name)}\n`).join("");
    const rows = contexts.map(({ Name, Current, Description, DockerEndpoint, Error: fault }) => [
      Current ? `${Name} *` : Name,
      Description,
      DockerEndpoint,
      fault,
    ]);
    const table = () => formatTable(["NAME", "DESCRIPTION", "DOCKER ENDPOINT", "ERROR"], rows);
    await io.stdout.write(json ? `${toPrettyJson(contexts)}\n` : flags.quiet ? names : table());
  },
});

/** `fairlead context show` */
export const contextShow: Command = defineCommand({
  usage: "",
  minOperands: 0,
  maxOperands: 0,
  options: {},
  examples: ["fairlead context show"],
  async run({ options, io, json }) {
    await writeName(await new Contexts(options).current(), io, json);
  },
});

/** `fairlead context use` */
export const contextUse: Command = defineCommand({
  usage: "CONTEXT",
  minOperands: 1,
  maxOperands: 1,
  options: {},
  examples: ["fairlead context use build-machine", "fairlead context use default"],
  async run({ options, operands: [name = ""], io, json }) {
    await new Contexts(options).use(name);
    await writeName(name, io, json);
    for (const variable of ["DOCKER_HOST", "DOCKER_CONTEXT"]) {
      if (io.env[variable]) {
        await io.stderr.write(`fairlead: ${variable} is set, and wins over the context in use\n`);
      }
    }
  },
});

function writeName(name: string, io: Context["io"], json: boolean): Promise<void> {
  return io.stdout.write(json ? `${toPrettyJson({ Name: name })}\n` : `${printable(name)}\n`);
}

/** `fairlead context inspect` */
export const contextInspect: Command = defineCommand({
  usage: "[CONTEXT...]",
  minOperands: 0,
  maxOperands: Number.POSITIVE_INFINITY,
  options: {},
  examples: ["fairlead context inspect", "fairlead context inspect build-machine default"],
  async run({ options, operands, io, report }) {
    const contexts = new Contexts(options);
    const names = operands.length > 0 ? operands : [await contexts.current()];
    const found: unknown[] = [];
    for (const name of names) {
      try {
        found.push(await contexts.inspect(name));
      } catch (failure) {
        await report(failure);
      }
    }
    await io.stdout.write(`${toPrettyJson(found)}\n`);
  },
});
