import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { operations } from "../../generated/operations.ts";
import type { AnyReply } from "../http/respond.ts";
import type { OperationId } from "../http/routes.ts";
import { discard, falseReply } from "./false-reply.ts";
import type { AddedFault, FalseAnswer, Fault, Occasion } from "./fault.ts";
import { FaultList, type Hit } from "./fault-list.ts";
import { type AnswerFault, FaultyAnswer } from "./faulty-answer.ts";
import { Outlet } from "./outlet.ts";
import { noSpace } from "./ready-made.ts";

/** What a fault strikes: all requests, unless it says more. A fault at `connect` strikes connections. */
export interface FaultRule extends Occasion {
  readonly operation?: OperationId | undefined;
  /** The path without the version: text is all of it but the query; an expression is also tested on the query. */
  readonly path?: string | RegExp | undefined;
}

type ConnectFault = Extract<Fault, { at: "connect" }>;
type RequestFault = Exclude<Fault, ConnectFault>;

interface Facts {
  readonly operation: OperationId;
  readonly url: string;
}

/** The faults of an embedded engine. */
export class EngineFaults {
  readonly #ofConnections = new FaultList<ConnectFault, undefined>();
  readonly #ofRequests = new FaultList<RequestFault, Facts>();

  /**
   * Adds a fault. If several strike the same request, all do.
   *
   * @throws RangeError if `nth` or `times` is less than 1, `afterBytes` is negative, the operation is none, or a rule for
   * connections asks for an operation or a path.
   *
   * @example
   * engine.faults.add({ operation: "ContainerLogs" }, { kind: "reset", at: "body", afterBytes: 100 });
   */
  add(rule: FaultRule, fault: Fault): AddedFault {
    check(rule, fault);
    return isOfConnections(fault)
      ? this.#ofConnections.add(rule, fault, () => true)
      : this.#ofRequests.add(rule, fault, (facts) => matches(rule, facts));
  }

  /** Makes all operations fail that write to the disk, as dockerd fails when it is full. Removing it makes space. */
  fillDisk(): Disposable & { remove(): void } {
    const added = noSpace.map(([operation, fault]) => this.add({ operation, times: Number.POSITIVE_INFINITY }, fault));
    const remove = () => added.forEach((fault) => void fault.remove());
    return { remove, [Symbol.dispose]: remove };
  }

  /** Removes all faults, and ends their stalls. */
  clear(): void {
    this.#ofConnections.clear();
    this.#ofRequests.clear();
  }

  /** Does to a new connection what is to be done to it; resolves with whether it may be used. */
  async admit(socket: Socket): Promise<boolean> {
    const outlet = new Outlet(socket, () => Promise.resolve());
    for (const { fault, stall } of this.#ofConnections.strike(undefined)) {
      await outlet.disturb(fault, stall);
    }
    return !outlet.isCut;
  }

  /**
   * Answers a request with the faults that strike it.
   *
   * @param handle does what was asked for
   * @throws Error if the connection was broken off instead, so that nobody gets an answer.
   */
  async around(operation: OperationId, request: IncomingMessage, handle: () => Promise<AnyReply>): Promise<AnyReply> {
    const hits = this.#ofRequests.strike({ operation, url: withoutVersion(request.url ?? "") });
    if (hits.length === 0) {
      return handle();
    }
    const { outlet } = new FaultyAnswer(request.socket, request.method ?? "", hits.filter(isInAnswer));
    for (const { fault, stall } of hits.filter(isAtRequest)) {
      await outlet.disturb(fault, stall);
    }
    if (outlet.isCut) {
      throw new Error("the connection was broken off by a fault");
    }
    return this.#replyOf(hits, handle);
  }

  async #replyOf(hits: readonly Hit<RequestFault>[], handle: () => Promise<AnyReply>): Promise<AnyReply> {
    const answer = hits.map(({ fault }) => fault).find((fault): fault is FalseAnswer => fault.kind === "answer");
    if (answer === undefined) {
      return handle();
    }
    if (answer.at === "answer") {
      await discard(handle());
    }
    return falseReply(answer);
  }
}

function check({ operation, path }: FaultRule, fault: Fault): void {
  if (operation !== undefined && !(operation in operations)) {
    throw new RangeError(`There is no operation ${operation}`);
  }
  if (isOfConnections(fault) && (operation !== undefined || path !== undefined)) {
    throw new RangeError('A fault at "connect" strikes connections, before there is an operation or a path');
  }
  if ("afterBytes" in fault && !((fault.afterBytes ?? 0) >= 0)) {
    throw new RangeError(`A fault's afterBytes is a number from 0, not ${fault.afterBytes}`);
  }
}

function matches({ operation, path }: FaultRule, facts: Facts): boolean {
  const isPath =
    path === undefined ||
    (typeof path === "string" ? facts.url.split("?", 1)[0] === path : facts.url.search(path) >= 0);
  return isPath && (operation === undefined || operation === facts.operation);
}

function withoutVersion(url: string): string {
  return url.replace(/^\/v\d+\.\d+(?=\/)/, "");
}

function isOfConnections(fault: Fault): fault is ConnectFault {
  return fault.at === "connect";
}

function isAtRequest(
  hit: Hit<RequestFault>,
): hit is Hit<Extract<RequestFault, { at: "request"; kind: "reset" | "end" | "stall" }>> {
  return hit.fault.kind !== "answer" && hit.fault.at === "request";
}

function isInAnswer(hit: Hit<RequestFault>): hit is Hit<AnswerFault> {
  return hit.fault.kind !== "answer" && hit.fault.at !== "request";
}
