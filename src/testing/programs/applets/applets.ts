import type { Applet } from "./applet.ts";
import { base64, checksum, dd } from "./bytes.ts";
import { chmod, chown, cp, ln, mkdir, mkfifo, mv, readlink, rm, rmdir, touch } from "./files.ts";
import { find } from "./find.ts";
import { grep } from "./grep.ts";
import { ls, stat } from "./list.ts";
import { echo, printf } from "./print.ts";
import { sed } from "./sed.ts";
import { sh } from "./sh.ts";
import {
  basename,
  date,
  dirname,
  env,
  hostname,
  id,
  nproc,
  printenv,
  ps,
  pwd,
  seq,
  sleep,
  stty,
  timeout,
  tty,
  uname,
  which,
  whoami,
  xargs,
  yes,
} from "./system.ts";
import { test } from "./test.ts";
import { cat, cut, head, sort, tail, tee, tr, uniq, wc } from "./text.ts";

/** The built-in commands by their names. */
export const applets: ReadonlyMap<string, Applet> = new Map<string, Applet>(
  Object.entries({
    ...{ sh, ash: sh, echo, printf, test, "[": test, true: () => 0, false: () => 1 },
    ...{ cat, cut, head, sort, tail, tee, tr, uniq, wc, grep, sed, find },
    ...{ chmod, chown, cp, ln, ls, mkdir, mkfifo, mv, readlink, realpath: readlink, rm, rmdir, stat, touch },
    ...{ base64, dd, md5sum: checksum, sha1sum: checksum, sha256sum: checksum, sha512sum: checksum, sync: () => 0 },
    ...{ basename, date, dirname, env, hostname, id, nproc, printenv, ps, pwd },
    ...{ seq, sleep, stty, timeout, tty, uname, which, whoami, xargs, yes },
  }),
);
