import { text } from "node:stream/consumers";
import { type Command, defineCommand, type Flags } from "../command.ts";
import type { Io } from "../io.ts";
import { toJson } from "../json.ts";
import { ask } from "../prompt.ts";
import { UsageError } from "../usage-error.ts";

const options = {
  username: { type: "string", short: "u", placeholder: "NAME", summary: "Who logs in; asked for by default" },
  "password-stdin": { type: "boolean", summary: "Read the password, or an access token, from standard input" },
  password: {
    type: "string",
    short: "p",
    placeholder: "PASSWORD",
    summary: "The password; others can see it there, so better leave it out",
  },
} as const;

/** `fairlead login` */
export const login: Command = defineCommand({
  usage: "[FLAGS] [REGISTRY]",
  minOperands: 0,
  maxOperands: 1,
  options,
  examples: ["fairlead login", "fairlead login --username ada --password-stdin registry.example:5000 < token"],
  async run({ docker, flags, io, json, operands: [serveraddress] }) {
    const credentials = await credentialsOf(flags, io);
    const result = await docker.registry.login({ ...credentials, serveraddress }, { signal: io.signal });
    await io.stdout.write(`${json ? toJson(result) : result.status}\n`);
  },
});

async function credentialsOf(
  flags: Flags<typeof options>,
  io: Io,
): Promise<{ readonly username: string; readonly password: string }> {
  const { username, password, "password-stdin": fromStdin } = flags;
  if (fromStdin) {
    if (password !== undefined || username === undefined) {
      throw new UsageError("--password-stdin wants --username beside it, and no --password");
    }
    // As it comes from `echo`.
    return { username, password: (await text(io.stdin())).replace(/\r?\n$/, "") };
  }
  if (password !== undefined) {
    await io.stderr.write("fairlead: warning: others can see the value of --password; use --password-stdin\n");
  }
  return {
    username: username ?? (await ask(io, "Username: ", "shown")),
    password: password ?? (await ask(io, "Password: ", "hidden")),
  };
}
