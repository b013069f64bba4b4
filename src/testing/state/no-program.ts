import type { Program } from "../programs/program.ts";

/** What runs in an image without a program, such as one built `FROM scratch`: nothing can be started in it. */
export const noProgram: Program = Object.assign(() => 127, {
  refuses: (command: string) =>
    command.includes("/")
      ? `exec: ${JSON.stringify(command)}: stat ${command}: no such file or directory`
      : `exec: ${JSON.stringify(command)}: executable file not found in $PATH`,
});
