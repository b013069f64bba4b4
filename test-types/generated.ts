import type { ContainerCreateResponse, ContainerSummary, ContainerWaitResponse } from "../src/generated/models.ts";
import type { Operation } from "../src/generated/operation.ts";
import { operations } from "../src/generated/operations.ts";
import type { Answer, Failure } from "../src/generated/outcome.ts";
import type { Outcomes as AllOutcomes, ContainerLogsOutcome } from "../src/generated/outcomes.ts";
import type { ContainerListParameters, ContainerWaitParameters } from "../src/generated/parameters.ts";

type Outcomes = AllOutcomes<unknown, unknown>;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only if the two types are the same. */
export function same<A, B>(..._proof: Same<A, B> extends true ? [] : [never]): void {}

operations satisfies Readonly<Record<string, Operation>>;
same<keyof typeof operations, keyof Outcomes>();

same<
  Outcomes["ContainerList"],
  Answer<"Succeeded", 200, ContainerSummary[]> | Failure<"BadParameter", 400> | Failure<"ServerError", 500>
>();
same<
  Outcomes["ContainerCreate"],
  | Answer<"Succeeded", 201, ContainerCreateResponse>
  | Failure<"BadParameter", 400>
  | Failure<"NoSuchImage", 404>
  | Failure<"Conflict", 409>
  | Failure<"ServerError", 500>
>();
same<
  Outcomes["ContainerStart"],
  | Answer<"Succeeded", 204, undefined>
  | Answer<"AlreadyStarted", 304, undefined>
  | Failure<"BadParameter", 400>
  | Failure<"NoSuchContainer", 404>
  | Failure<"ServerError", 500>
>();
same<
  Outcomes["ContainerStop"],
  | Answer<"Succeeded", 204, undefined>
  | Answer<"AlreadyStopped", 304, undefined>
  | Failure<"NoSuchContainer", 404>
  | Failure<"ServerError", 500>
>();
same<
  Outcomes["ContainerWait"],
  | Answer<"Succeeded", 200, ContainerWaitResponse>
  | Failure<"BadParameter", 400>
  | Failure<"NoSuchContainer", 404>
  | Failure<"ServerError", 500>
>();
same<
  Outcomes["ContainerDelete"],
  | Answer<"Succeeded", 204, undefined>
  | Failure<"BadParameter", 400>
  | Failure<"NoSuchContainer", 404>
  | Failure<"Conflict", 409>
  | Failure<"ServerError", 500>
>();
same<
  ContainerLogsOutcome<"stream">,
  | Answer<"Succeeded", 200, "stream">
  | Failure<"BadParameter", 400>
  | Failure<"NoSuchContainer", 404>
  | Failure<"ServerError", 500>
  | Failure<"NotSupported", 501>
>();

// What we send is closed: a typing error does not compile.
export const wait: ContainerWaitParameters = { condition: "next-exit" };
// @ts-expect-error -- not a condition
export const wrongValue: ContainerWaitParameters = { condition: "nextexit" };
// @ts-expect-error -- not a parameter
export const wrongName: ContainerListParameters = { al: true };
// @ts-expect-error -- not a filter
export const wrongFilter: ContainerListParameters = { filters: { labels: ["a"] } };

/** What the engine sends is open: an unknown state is still a text, and the known ones complete. */
export function state(container: ContainerSummary): string {
  return container.State === "running" ? "up" : container.State;
}
