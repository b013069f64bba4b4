import type { SecretSpec } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";
import { checkVersion, invalid, type Ledger, type SwarmObject } from "./ledger.ts";
import { ObjectStore } from "./object-store.ts";

/** A secret or a config: bytes with a name. */
export interface Blob extends SwarmObject {
  spec: Omit<SecretSpec, "Labels" | "Driver"> & { readonly Labels?: Record<string, string> | undefined };
}

/** What differs between secrets and configs. */
interface BlobKind {
  readonly kind: "secret" | "config";
  readonly largestBytes: number;
}

/** The secrets or the configs of a swarm. */
export class BlobStore extends ObjectStore<Blob> {
  readonly #ledger: Ledger;
  readonly #kind: BlobKind;
  /** The names of the services that use one. */
  readonly #usersOf: (blob: Blob) => readonly string[];

  constructor(ledger: Ledger, kind: BlobKind, usersOf: (blob: Blob) => readonly string[]) {
    super(kind.kind, ({ spec }) => spec.Name ?? "");
    this.#ledger = ledger;
    this.#kind = kind;
    this.#usersOf = usersOf;
  }

  /** @throws Refusal in dockerd's words if the name is taken or none, or the content is missing or too large. */
  create(spec: SecretSpec): Blob {
    const { kind, largestBytes } = this.#kind;
    const { Name = "", Labels, Data = "", Templating } = spec;
    if (Name === "") {
      throw invalid("name must be provided");
    }
    if (!/^[a-zA-Z0-9]([a-zA-Z0-9-_.]{0,62}[a-zA-Z0-9])?$/.test(Name)) {
      throw invalid(
        "invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be [a-zA-Z0-9]",
      );
    }
    const bytes = Buffer.from(Data, "base64").length;
    if (bytes === 0 || bytes >= largestBytes) {
      throw invalid(`${kind} data must be larger than 0 and less than ${largestBytes} bytes`);
    }
    if (this.named(Name) !== undefined) {
      throw new Refusal(409, `rpc error: code = AlreadyExists desc = ${kind} ${Name} already exists`);
    }
    const blob: Blob = {
      ...this.#ledger.begin(),
      spec: { Name, Labels: Labels ?? {}, Data, ...(Templating ? { Templating } : {}) },
    };
    this.add(blob);
    this.#tell(blob, "create");
    return blob;
  }

  /** @throws Refusal if it has changed meanwhile, or more than its labels are to change. */
  update(blob: Blob, spec: SecretSpec, version: number): void {
    checkVersion(blob, version);
    const { Name, Data } = blob.spec;
    if (spec.Name !== Name || (spec.Data !== undefined && spec.Data !== Data)) {
      throw invalid("only updates to Labels are allowed");
    }
    blob.spec = { ...blob.spec, Labels: spec.Labels ?? {} };
    this.#ledger.stamp(blob);
    this.#tell(blob, "update");
  }

  /** @throws Refusal if a service uses it. */
  delete(blob: Blob): void {
    const users = this.#usersOf(blob);
    if (users.length > 0) {
      const services = `service${users.length === 1 ? "" : "s"}`;
      throw invalid(
        `${this.#kind.kind} '${blob.spec.Name}' is in use by the following ${services}: ${users.join(", ")}`,
      );
    }
    this.remove(blob);
    this.#tell(blob, "remove");
  }

  #tell(blob: Blob, action: string): void {
    this.#ledger.tell(this.#kind.kind, action, blob, { name: blob.spec.Name ?? "" });
  }
}
