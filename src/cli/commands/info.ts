import { type Command, defineCommand } from "../command.ts";
import { formatSize } from "../format.ts";
import { toPrettyJson } from "../json.ts";
import { printable } from "../printable.ts";

/** `fairlead info` */
export const info: Command = defineCommand({
  usage: "",
  minOperands: 0,
  maxOperands: 0,
  options: {},
  examples: ["fairlead info"],
  async run({ docker, io, json }) {
    const answer = await docker.system.info({ signal: io.signal });
    const lines = [
      ["Name", answer.Name],
      ["Server version", answer.ServerVersion],
      ["Operating system", answer.OperatingSystem],
      ["Kernel version", answer.KernelVersion],
      ["OS/Arch", `${answer.OSType}/${answer.Architecture}`],
      ["CPUs", answer.NCPU],
      ["Memory", formatSize(answer.MemTotal ?? 0)],
      ["Containers", answer.Containers],
      ["  Running", answer.ContainersRunning],
      ["  Paused", answer.ContainersPaused],
      ["  Stopped", answer.ContainersStopped],
      ["Images", answer.Images],
      ["Storage driver", answer.Driver],
      ["Logging driver", answer.LoggingDriver],
      ["Root directory", answer.DockerRootDir],
      ...(answer.Warnings ?? []).map((warning) => ["Warning", warning]),
    ];
    const text = lines.map(([name, value]) => `${printable(`${name}: ${value ?? "unknown"}`)}\n`).join("");
    await io.stdout.write(json ? `${toPrettyJson(answer)}\n` : text);
  },
});
