import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { ConfigFile } from "./config-file.ts";

/** The helper of the system's own keychain (cli:cli/config/credentials/default_store_linux.go and its siblings). */
const ofPlatform: Readonly<Record<string, string>> = { darwin: "osxkeychain", win32: "wincred" };

/**
 * The helper for every registry: the one that the file names or, where it holds no credentials in any form, the system's
 * own if that is installed, as in the docker CLI (cli:cli/config/config.go, `LoadDefaultConfigFile`).
 */
export async function storeOf({ auths, credHelpers, credsStore }: ConfigFile): Promise<string | undefined> {
  if (credsStore !== undefined || Object.keys(auths).length > 0 || Object.keys(credHelpers).length > 0) {
    return credsStore;
  }
  const helper = ofPlatform[process.platform] ?? ((await isOnPath("pass")) ? "pass" : "secretservice");
  return (await isOnPath(`docker-credential-${helper}`)) ? helper : undefined;
}

async function isOnPath(program: string): Promise<boolean> {
  const name = process.platform === "win32" ? `${program}.exe` : program;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
