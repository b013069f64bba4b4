import { DialError } from "../../errors/dial-error.ts";
import type { SshAddress } from "./ssh-command.ts";
import type { SshExit, SshProcess } from "./ssh-process.ts";

/** The exit code by which ssh tells that it was itself what failed; all others are the remote command's. */
const sshFailed = 255;

interface Kind {
  readonly words: RegExp;
  readonly code: string;
  readonly advice: (address: SshAddress) => string;
}

/** What ssh says before anybody was logged in, so that nothing can have reached an engine. */
const kinds: readonly Kind[] = [
  {
    words: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    code: "SSH_HOST_KEY_CHANGED",
    advice: () => "Somebody may be in between; if the change is meant, remove the old key with ssh-keygen -R",
  },
  {
    words: /Host key verification failed/,
    code: "SSH_HOST_KEY_UNKNOWN",
    advice: (address) => `Run ${byHand(address)} once, and compare and accept the host's key`,
  },
  {
    words: /Permission denied \(|Too many authentication failures|No more authentication methods/,
    code: "SSH_LOGIN_REFUSED",
    advice: (address) =>
      `${byHand(address)} must work without a password: is the key there, and loaded into the agent?`,
  },
  {
    words: /Could not resolve hostname/,
    code: "SSH_NO_HOST",
    advice: () => "Check the host's name",
  },
  {
    words: /connect to host .* port|kex_exchange_identification|banner exchange|Connection (closed|reset) by .* port/,
    code: "SSH_NO_SERVER",
    advice: () => "Does an ssh server listen there?",
  },
];

/** Why nobody could be logged in. */
export function loginError(ssh: SshProcess, exit: SshExit, address: SshAddress): DialError {
  if (exit.error !== undefined) {
    return notStarted(exit.error);
  }
  const { code = "SSH_FAILED", advice } = kinds.find(({ words }) => words.test(ssh.words)) ?? {};
  return new DialError(said(ssh, exit), { code, ...(advice && { advice: advice(address) }) });
}

/** Why a connection ended that ran over ssh, given how many bytes had come from the engine. */
export function sessionError(ssh: SshProcess, exit: SshExit, address: SshAddress, bytesRead: number): Error {
  const before = kinds.some(({ words }) => words.test(ssh.words));
  if (exit.error !== undefined || (exit.code === sshFailed && before && bytesRead === 0)) {
    return loginError(ssh, exit, address);
  }
  if (exit.code === undefined || exit.code === sshFailed || bytesRead > 0) {
    return Object.assign(new Error(said(ssh, exit)), { code: "SSH_ENDED" });
  }
  // The shell's exit codes for a command that it cannot find or run.
  const missing = exit.code === 127 || exit.code === 126;
  return new DialError(said(ssh, exit), {
    code: missing ? "SSH_NO_DOCKER" : "SSH_NO_ENGINE",
    advice: missing
      ? `The docker command must be in the PATH of ssh sessions on ${address.host}`
      : `Is the engine running on ${address.host}, and may the user reach it?`,
  });
}

function notStarted(cause: NodeJS.ErrnoException): DialError {
  const missing = cause.code === "ENOENT";
  return new DialError(missing ? "there is no ssh command" : `ssh cannot be run: ${cause.message}`, {
    code: "SSH_NOT_STARTED",
    ...(missing && { advice: "Install an OpenSSH client" }),
    cause,
  });
}

function said(ssh: SshProcess, { code }: SshExit): string {
  const how = code === undefined ? "was ended by a signal" : `ended with exit code ${code}`;
  return ssh.words === "" ? `ssh ${how} and said nothing` : `ssh ${how} and said: ${ssh.words}`;
}

/** What to type to see for oneself. */
function byHand({ user, port, host }: SshAddress): string {
  return ["ssh", ...(port === undefined ? [] : ["-p", port]), user === undefined ? host : `${user}@${host}`].join(" ");
}
