import { Refusal } from "../http/refusal.ts";

/** What Go reads into a member: `[shape]` is a list, `{ "*": shape }` a table, any other object a structure. */
export type Shape = "string" | "bool" | "int64" | readonly [Shape] | { readonly [member: string]: Shape };

const strings: Shape = ["string"];
const table: Shape = { "*": "string" };
const ulimits: Shape = [{ Name: "string", Soft: "int64", Hard: "int64" }];

/** The members of a HostConfig whose kinds are checked. */
export const hostConfigShape: Shape = {
  ...{ NetworkMode: "string", Runtime: "string", IpcMode: "string", PidMode: "string" },
  ...{ AutoRemove: "bool", Privileged: "bool", PublishAllPorts: "bool", ReadonlyRootfs: "bool", Init: "bool" },
  ...{ CpuShares: "int64", Memory: "int64", NanoCpus: "int64", CpuPeriod: "int64", CpuQuota: "int64" },
  ...{ MemoryReservation: "int64", MemorySwap: "int64", PidsLimit: "int64", ShmSize: "int64", OomScoreAdj: "int64" },
  ...{ Binds: strings, CapAdd: strings, CapDrop: strings, Dns: strings, ExtraHosts: strings, VolumesFrom: strings },
  ...{ Annotations: table, Sysctls: table, Tmpfs: table, Ulimits: ulimits },
  RestartPolicy: { Name: "string", MaximumRetryCount: "int64" },
  PortBindings: { "*": [{ HostIp: "string", HostPort: "string" }] },
};

/** The members of a request for a container whose kinds are checked. */
export const createShape: Shape = {
  ...{ Hostname: "string", Image: "string", User: "string", WorkingDir: "string", StopSignal: "string" },
  ...{ AttachStdin: "bool", AttachStdout: "bool", AttachStderr: "bool", OpenStdin: "bool", StdinOnce: "bool" },
  ...{ Tty: "bool", NetworkDisabled: "bool", StopTimeout: "int64", Env: strings, Labels: table },
  HostConfig: hostConfigShape,
};

/**
 * Checks that a body could be read into the structures of Go.
 *
 * @param path where the value is, as Go tells it
 * @throws Refusal in Go's words if a member is of another kind.
 */
export function checkShape(value: unknown, shape: Shape, path = ""): void {
  if (value === null || value === undefined) {
    return;
  }
  if (!isOfShape(value, shape)) {
    throw new Refusal(
      400,
      `invalid JSON: json: cannot unmarshal ${kindOf(value)} into Go struct field ${path} of type ${goType(shape)}`,
    );
  }
  if (typeof shape === "object" && typeof value === "object") {
    for (const [key, member] of Object.entries(value)) {
      checkMember(member, shape, key, path);
    }
  }
}

/**
 * A command is a list or one text (moby:api/types/strslice/strslice.go).
 *
 * @throws Refusal if it is neither.
 */
export function checkCommand(value: unknown): void {
  const isCommand = Array.isArray(value) ? value.every((part) => typeof part === "string") : typeof value === "string";
  if (value !== undefined && value !== null && !isCommand) {
    throw new Refusal(400, `invalid JSON: json: cannot unmarshal ${kindOf(value)} into Go value of type string`);
  }
}

function checkMember(member: unknown, shape: Exclude<Shape, string>, key: string, path: string): void {
  const inner = isList(shape) ? shape[0] : (shape[key] ?? shape["*"]);
  if (inner !== undefined) {
    checkShape(member, inner, `${path}.${key}`);
  }
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function isOfShape(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case "string":
      return typeof value === "string";
    case "bool":
      return typeof value === "boolean";
    case "int64":
      return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 63;
    default:
      return typeof value === "object" && Array.isArray(value) === isList(shape);
  }
}

function kindOf(value: unknown): string {
  if (typeof value === "number") {
    return `number ${value}`;
  }
  return typeof value === "boolean" ? "bool" : Array.isArray(value) ? "array" : typeof value;
}

function goType(shape: Shape): string {
  if (typeof shape === "string") {
    return shape;
  }
  if (isList(shape)) {
    return `[]${goType(shape[0])}`;
  }
  const inner = shape["*"];
  return inner === undefined ? "struct" : `map[string]${goType(inner)}`;
}
