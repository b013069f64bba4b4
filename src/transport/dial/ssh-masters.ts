import { access } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { abortable } from "./abortable.ts";
import type { SshAddress } from "./ssh-command.ts";
import { endLogin, SshLogin } from "./ssh-login.ts";

/** A place for one session on a login that others share. */
export interface Seat {
  /** What ssh needs to know to take it. */
  readonly args: readonly string[];
  /** Gives it back. */
  leave(): void;
}

interface Master {
  readonly socket: string;
  sessions: number;
}

/** The `MaxSessions` of a server that nobody has configured; ssh logs in anew for a session that is refused. */
const maxSessions = 10;

/** How long ssh may take to tidy up after a login. */
const graceMs = 3_000;

/** Windows' ssh cannot share logins. */
const canShare = process.platform !== "win32";

/** A seat for a session that finds its own way: by the user's own shared login if there is one. */
const ownWay: Seat = { args: [], leave: () => {} };

/** The logins at one host: as many as its sessions need, made one after the other, since servers refuse many at once. */
export class SshMasters {
  readonly #address: SshAddress;
  readonly #masters: Set<Master> = new Set();
  #login: SshLogin | undefined;
  #waiting = 0;

  constructor(address: SshAddress) {
    this.#address = address;
  }

  /**
   * Takes a place, logging in if there is none.
   *
   * @throws DialError if nobody can be logged in
   */
  async join(signal: AbortSignal): Promise<Seat> {
    if (!canShare) {
      return ownWay;
    }
    this.#waiting += 1;
    try {
      return await this.#seat(signal);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) {
        await this.#login?.end();
      }
    }
  }

  /** Ends all logins, and resolves when nothing is left of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#masters].map((master) => this.#end(master)));
  }

  async #seat(signal: AbortSignal): Promise<Seat> {
    for (;;) {
      const master = await this.#master(signal);
      if (master === undefined) {
        return ownWay;
      }
      master.sessions += 1;
      if (await exists(master.socket)) {
        return seatOn(master);
      }
      this.#masters.delete(master);
    }
  }

  /** A login with room for one more session; undefined if the user shares one. */
  async #master(signal: AbortSignal): Promise<Master | undefined> {
    for (;;) {
      signal.throwIfAborted();
      const free = [...this.#masters].find(({ sessions }) => sessions < maxSessions);
      if (free !== undefined) {
        return free;
      }
      if ((await abortable(this.#logIn(), signal)) === undefined) {
        return undefined;
      }
    }
  }

  /** Makes one more login, once for all who wait. */
  #logIn(): Promise<string | undefined> {
    if (this.#login === undefined) {
      const login = new SshLogin(this.#address);
      this.#login = login;
      login.socket
        .then((socket) => socket && this.#masters.add({ socket, sessions: 0 }))
        .catch(() => {}) // those who wait for it are told
        .finally(() => {
          this.#login = undefined;
        });
    }
    return this.#login.socket;
  }

  async #end(master: Master): Promise<void> {
    this.#masters.delete(master);
    await endLogin(this.#address, master.socket);
    // ssh answers first and tidies up then.
    for (let waitedMs = 0; waitedMs < graceMs && (await exists(master.socket)); waitedMs += 5) {
      await delay(5);
    }
  }
}

function seatOn(master: Master): Seat {
  return {
    args: ["-o", "ControlMaster=no", "-o", `ControlPath=${master.socket}`],
    leave: () => {
      master.sessions -= 1;
    },
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
