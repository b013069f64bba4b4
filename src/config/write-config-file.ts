import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readlink, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "../errors/config-error.ts";
import { type ConfigFile, readConfigFile } from "./config-file.ts";
import { errorCode, type JsonObject } from "./json-file.ts";

/** The change that is being made: of two at the same time, the second must begin with what the first has written. */
let running: Promise<unknown> = Promise.resolve();

/**
 * Changes `config.json` as the docker CLI does (cli:cli/config/configfile/file.go:196-244): a new file takes the place
 * of the old one in one step, with its owner and rights; a link stays a link. A file that is new is for its owner alone.
 * What Fairlead does not know stays as it is.
 *
 * @param change makes the new content from the old one; if it gives the old one itself, nothing is written
 * @throws ConfigError if the file cannot be read or written; then it is as it was.
 */
export function changeConfigFile(folder: string, change: ConfigChange): Promise<void> {
  const changed = running.then(() => changeNow(folder, change));
  running = changed.catch(() => {});
  return changed;
}

/** Makes the new content of `config.json` from the old one, which has `auths` in any case, as the docker CLI writes it. */
export type ConfigChange = (content: JsonObject, file: ConfigFile) => JsonObject;

async function changeNow(folder: string, change: ConfigChange): Promise<void> {
  const file = await readConfigFile(folder);
  const { path, raw } = file;
  const old = { auths: {}, ...raw };
  const content = change(old, file);
  if (content === old) {
    return;
  }
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // The docker CLI indents with tabs.
    await replaceFile(await targetOf(path), JSON.stringify(content, undefined, "\t"));
  } catch (error) {
    throw new ConfigError(`${path} cannot be written: ${errorCode(error)}`, path, error);
  }
}

/** As many links as a system follows. */
const mostLinks = 40;

/** The file itself, or what a link leads to, even if it is not there yet. */
async function targetOf(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < mostLinks; links += 1) {
    const next = await readlink(target).catch(() => undefined);
    if (next === undefined) {
      return realpath(target).catch(() => target);
    }
    target = resolve(dirname(target), next);
  }
  throw Object.assign(new Error(`${path} leads from link to link`), { code: "ELOOP" });
}

async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = join(file, "..", `config.json${randomBytes(6).toString("hex")}`);
  try {
    await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
    await copyRights(file, temporary);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function copyRights(from: string, to: string): Promise<void> {
  const old = await stat(from).catch(() => undefined);
  if (old !== undefined) {
    await chmod(to, old.mode & 0o777);
    // Only root may give a file to somebody else.
    await chown(to, old.uid, old.gid).catch(() => {});
  }
}
