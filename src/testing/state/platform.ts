import { Refusal } from "../http/refusal.ts";

const systems: readonly string[] = ["linux", "windows", "darwin", "freebsd"];
const architectures: readonly string[] = ["386", "amd64", "arm", "arm64", "ppc64le", "riscv64", "s390x"];
const aliases: ReadonlyMap<string, string> = new Map([
  ["aarch64", "arm64"],
  ["armhf", "arm"],
  ["i386", "386"],
  ["x86_64", "amd64"],
]);

/** The platform of every image here. */
const own = "linux/amd64";

/**
 * Checks that an image is for a platform.
 *
 * @param asked the platform, e.g. `linux/arm64/v8` or `arm64`; empty for any
 * @throws Refusal 404 if it is for another, 400 if that is none (containerd/platforms:platforms.go).
 */
export function checkPlatform(asked: string, imageName: string): void {
  const platform = asked === "" ? own : parse(asked);
  if (platform !== own) {
    throw new Refusal(
      404,
      `image with reference ${imageName} was found but its platform (${own}) does not match the specified platform (${platform})`,
    );
  }
}

/** An operating system, an architecture, or both; a third part is the architecture's variant. */
function parse(text: string): string {
  const [first = "", second] = text.toLowerCase().split("/");
  const realName = (name: string) => aliases.get(name) ?? name;
  if (second !== undefined) {
    return `${first}/${realName(second)}`;
  }
  if (architectures.includes(realName(first))) {
    return `linux/${realName(first)}`;
  }
  if (!systems.includes(first)) {
    throw new Refusal(400, `${JSON.stringify(text)}: unknown operating system or architecture: invalid argument`);
  }
  return `${first}/amd64`;
}
