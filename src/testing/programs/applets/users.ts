import type { FileSystem } from "../../files/file-system.ts";

/** The number of a user or a group by its name; undefined if there is none such. */
export function findId(files: FileSystem, file: "/etc/passwd" | "/etc/group", name: string): number | undefined {
  if (/^\d+$/.test(name)) {
    return Number(name);
  }
  const text = files.stat(file) === undefined ? "root:x:0:0" : Buffer.from(files.readFile(file)).toString();
  const line = text.split("\n").find((each) => each.startsWith(`${name}:`));
  return line === undefined ? undefined : Number(line.split(":")[2]);
}

/** The numbers of a container's `User`, e.g. `nobody` or `1000:1000`; root where it says nothing. */
export function idsOf(files: FileSystem, user: string): { readonly uid: number; readonly gid: number } {
  const [name = "", group] = (user || "root").split(":");
  const uid = findId(files, "/etc/passwd", name) ?? 0;
  return { uid, gid: group === undefined ? uid : (findId(files, "/etc/group", group) ?? 0) };
}
