export type {
  AddedFault,
  Disturbance,
  FalseAnswer,
  Fault,
  Interruption,
  Occasion,
} from "./faults/fault.ts";
export type { EngineFaults, FaultRule } from "./faults/faults.ts";
export { logError, progressError, proxyPage, trailingError } from "./faults/ready-made.ts";
export type { RestartOptions } from "./faults/restart.ts";
export { busybox } from "./programs/busybox.ts";
export type { Program, ProgramContext, ProgramOutput } from "./programs/program.ts";
export { EngineProxy, type ProxyOptions, startProxy } from "./proxy/proxy.ts";
export type { Direction, ProxyFault } from "./proxy/proxy-fault.ts";
export type { ProxyFaults } from "./proxy/proxy-faults.ts";
export { EmbeddedEngine, type EngineOptions, startEngine } from "./start-engine.ts";
export type { ProgramImageOptions } from "./state/program-image.ts";
export type { RegistryUsers } from "./state/registries.ts";
