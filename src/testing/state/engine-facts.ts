/** A machine, and the engine on it. */
export interface EngineFacts {
  readonly version: string;
  readonly hostname: string;
  readonly kernel: string;
  readonly architecture: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly logDrivers: readonly string[];
  readonly networkDrivers: readonly string[];
  readonly volumeDrivers: readonly string[];
}

/** What the embedded engine says of the machine that it pretends to run on; the computer's own are not told. */
export const engineFacts: EngineFacts = {
  /** It behaves as this dockerd does. */
  version: "29.0.0-fairlead",
  hostname: "fairlead",
  kernel: "fairlead",
  architecture: "x86_64",
  cpus: 4,
  memoryBytes: 8 * 1024 ** 3,
  logDrivers: ["json-file"],
  networkDrivers: ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"],
  volumeDrivers: ["local"],
};
