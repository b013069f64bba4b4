import { Socket } from "node:net";
import type { Dialer } from "./dialer.ts";
import { type Ends, PipedConnection } from "./piped-connection.ts";
import { remoteCommand, type SshAddress, sshArguments } from "./ssh-command.ts";
import { sessionError } from "./ssh-failures.ts";
import { SshMasters } from "./ssh-masters.ts";
import { SshProcess } from "./ssh-process.ts";

/** An idle connection is a process on both sides; another one costs 10 ms. */
const maxIdle = 8;

/**
 * Dials through the system's `ssh`, which runs `docker system dial-stdio` on the other side, as the docker CLI does.
 * Keys, the agent, known hosts and jump hosts are ssh's business. Each connection is a process of ssh, and up to ten of
 * them share one login.
 */
export function sshDialer(address: SshAddress): Dialer {
  const masters = new SshMasters(address);
  return {
    endpoint: address.address,
    source: address.source,
    host: "localhost",
    pathPrefix: "",
    readyEvent: "connect",
    maxIdle,
    connect: () => new PipedConnection((signal) => openSession(address, masters, signal)),
    close: () => masters.close(),
  };
}

async function openSession(address: SshAddress, masters: SshMasters, signal: AbortSignal): Promise<Ends> {
  const seat = await masters.join(signal);
  const ssh = new SshProcess([...sshArguments(address, ...seat.args), remoteCommand(address)]);
  const { child } = ssh;
  void ssh.exited.then(() => seat.leave());
  return {
    readable: child.stdout,
    writable: child.stdin,
    verdict: async (bytesRead) => {
      const exit = await ssh.closed;
      if (exit.code !== 0) {
        throw sessionError(ssh, exit, address, bytesRead);
      }
    },
    close: async () => {
      await ssh.end();
      for (const stream of [child.stdin, child.stdout, child.stderr]) {
        stream.destroy();
      }
    },
    ref: () => setRef(ssh, "ref"),
    unref: () => setRef(ssh, "unref"),
  };
}

function setRef({ child }: SshProcess, how: "ref" | "unref"): void {
  child[how]();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    // Pipes to child processes are sockets in Node, which the types do not say.
    if (stream instanceof Socket) {
      stream[how]();
    }
  }
}
