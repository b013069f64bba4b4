import { FileSystem } from "../files/file-system.ts";
import { applets } from "./applets/applets.ts";
import { busyboxMarker } from "./commands.ts";

const users = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n";
const groups = "root:x:0:\nnogroup:x:65534:\n";
const devices = ["full", "null", "random", "tty", "urandom", "zero"];

/**
 * The files of the built-in image: the commands in `/bin`, and the usual folders.
 *
 * @param now the time for new files, in milliseconds since 1970
 */
export function createBusyboxFiles(now: () => number): FileSystem {
  const files = new FileSystem(now);
  for (const name of ["bin", "dev", "dev/shm", "etc", "proc", "root", "sys", "tmp", "var"]) {
    files.mkdir(`/${name}`);
  }
  files.change("/tmp", { mode: 0o1777 });
  files.writeFile("/bin/busybox", busyboxMarker, { mode: 0o755 });
  for (const name of applets.keys()) {
    files.symlink("busybox", `/bin/${name}`);
  }
  for (const name of devices) {
    files.put(`/dev/${name}`, { kind: "character-device", meta: { mode: 0o666, uid: 0, gid: 0, mtimeMs: now() } });
  }
  files.writeFile("/etc/passwd", users);
  files.writeFile("/etc/group", groups);
  return files;
}
