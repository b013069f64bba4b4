import type { ContainerCreateRequest, HostConfig } from "../../generated/models.ts";
import type { Handler } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import { checkCommand, checkShape, createShape } from "../state/container-shape.ts";
import { makeContainer } from "../state/make-container.ts";
import type { World } from "../state/world.ts";

/** `POST /containers/create`. */
export const createContainer: Handler<"ContainerCreate"> = async (request, world) => {
  // What a client sends is what the specification says, or dockerd would not understand it either.
  const spec = (await request.json()) as ContainerCreateRequest;
  checkCommand(spec.Cmd);
  checkCommand(spec.Entrypoint);
  checkShape(spec, createShape);
  checkHostConfig(spec.HostConfig ?? {});
  const name = String(request.parameters["name"] ?? "").replace(/^\//, "") || freshName(world);
  const container = makeContainer(world, name, spec);
  return { status: 201, value: { Id: container.facts.Id, Warnings: warningsFor(spec.HostConfig ?? {}) } };
};

const leastMemory = 6 * 1024 ** 2;
const policies: readonly string[] = ["", "no", "always", "on-failure", "unless-stopped"];

/** @throws Refusal if dockerd would not take it (moby:daemon/container.go, moby:daemon/daemon_unix.go). */
function checkHostConfig({ Memory = 0, AutoRemove, RestartPolicy }: HostConfig): void {
  const policy = RestartPolicy?.Name ?? "";
  if (!policies.includes(policy)) {
    throw new Refusal(
      400,
      `invalid restart policy: unknown policy '${policy}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`,
    );
  }
  if (AutoRemove && policy !== "" && policy !== "no") {
    throw new Refusal(400, "can't create 'AutoRemove' container with restart policy");
  }
  if (Memory > 0 && Memory < leastMemory) {
    throw new Refusal(400, "Minimum memory limit allowed is 6MB");
  }
}

function warningsFor({ NetworkMode, PortBindings }: HostConfig): string[] {
  const discards = NetworkMode === "host" && Object.keys(PortBindings ?? {}).length > 0;
  return discards ? ["Published ports are discarded when using host network mode"] : [];
}

const adjectives = ["brave", "calm", "eager", "gentle", "happy", "keen", "lively", "merry", "proud", "quiet"];
const nouns = ["anchor", "bollard", "cleat", "davit", "fender", "halyard", "jetty", "keel", "mooring", "rudder"];

/** A name as dockerd gives one, of two words. */
function freshName({ containers }: World): string {
  const count = containers.made;
  const words = `${adjectives[count % adjectives.length]}_${nouns[Math.floor(count / adjectives.length) % nouns.length]}`;
  return count < adjectives.length * nouns.length ? words : `${words}${count}`;
}
