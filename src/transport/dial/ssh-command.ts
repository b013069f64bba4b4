import type { Address } from "./dialer.ts";

/** An engine behind ssh. */
export interface SshAddress extends Address {
  /** A name or an address, or what `~/.ssh/config` calls it. */
  readonly host: string;
  /** Default: what ssh's own configuration says. */
  readonly user?: string | undefined;
  /** Default: what ssh's own configuration says. */
  readonly port?: number | undefined;
  /** The path of the engine's socket on the other side. Default: what `docker` takes there. */
  readonly path?: string | undefined;
}

/**
 * The arguments of every run of ssh: the docker CLI's (cli:cli/connhelper/ssh/ssh.go:103), and three more. It never asks
 * anything, since nobody may be there to answer; and it does not set up forwardings of the user's configuration, which
 * would fail for all connections but the first.
 */
export function sshArguments({ user, port, host }: SshAddress, ...more: readonly string[]): readonly string[] {
  return [
    ...["-o", "BatchMode=yes", "-o", "ConnectTimeout=30", "-o", "ClearAllForwardings=yes", ...more],
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...["-T", "--", host],
  ];
}

/** What runs on the other side: passes its standard streams on to the engine (cli:cli/connhelper/connhelper.go:60). */
export function remoteCommand({ path }: SshAddress): string {
  return path === undefined
    ? "docker system dial-stdio"
    : `docker ${quoted(`--host=unix://${path}`)} system dial-stdio`;
}

/** One word for the POSIX shell on the other side. */
function quoted(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
