import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SshAddress, sshArguments } from "./ssh-command.ts";
import { loginError } from "./ssh-failures.ts";
import { SshProcess } from "./ssh-process.ts";

/** How long a login outlives its last session: after a crash of this process too, so nothing stays behind for long. */
const persistSeconds = 10;

/** A login at a host that is being made, for sessions to share. */
export class SshLogin {
  /**
   * Resolves with the socket by which sessions find the login, or with undefined if the user's configuration shares one
   * that exists, which may have cost a second factor. Rejects with a DialError if nobody can be logged in.
   */
  readonly socket: Promise<string | undefined>;
  readonly #address: SshAddress;
  #ssh: SshProcess;
  #ended = false;

  constructor(address: SshAddress) {
    this.#address = address;
    this.#ssh = control(address, "check");
    this.socket = this.#make();
    this.socket.catch(() => {}); // those who wait for it are told
  }

  /** Gives up, and resolves when no process is left of it. Nothing happens to a login that was made. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#ssh.end();
  }

  async #make(): Promise<string | undefined> {
    const { code } = await this.#ssh.closed;
    if (code === 0 || this.#ended) {
      return undefined;
    }
    // The socket has mode 0600 and a name that nobody can guess, so it needs no folder of its own, which a crash would
    // leave behind; ssh removes the socket.
    const socket = join(socketFolder(), `fairlead-${randomBytes(8).toString("hex")}`);
    const shared = ["-o", "ControlMaster=yes", "-o", `ControlPath=${socket}`, "-o", `ControlPersist=${persistSeconds}`];
    // With -f ssh exits as soon as it is logged in, and a copy of it in the background keeps the login.
    this.#ssh = new SshProcess(sshArguments(this.#address, ...shared, "-f", "-N"));
    await this.#loggedIn(this.#ssh);
    return socket;
  }

  async #loggedIn(ssh: SshProcess): Promise<void> {
    const exit = await ssh.exited;
    if (exit.code !== 0) {
      await ssh.closed;
      throw loginError(ssh, exit, this.#address);
    }
    // The copy in the background may hold them.
    for (const stream of ssh.child.stdio) {
      stream?.destroy();
    }
  }
}

/**
 * A socket's path has room for 104 bytes on macOS and 108 on Linux, of which ssh adds 17, and in ssh's options spaces,
 * quotes and `%` are not what they seem.
 */
function socketFolder(): string {
  const folder = tmpdir();
  return folder.length <= 58 && /^[\w./+@-]+$/.test(folder) ? folder : "/tmp";
}

/** Ends the login behind the socket. */
export async function endLogin(address: SshAddress, socket: string): Promise<void> {
  await control(address, "exit", "-o", `ControlPath=${socket}`).closed;
}

function control(address: SshAddress, command: "check" | "exit", ...more: readonly string[]): SshProcess {
  return new SshProcess(sshArguments(address, ...more, "-O", command));
}
