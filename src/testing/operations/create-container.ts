import type { ContainerCreateRequest, HostConfig } from "../../generated/models.ts";
import type { Handler } from "../http/handler.ts";
import { checkRequest } from "../state/check-request.ts";
import { makeContainer } from "../state/make-container.ts";
import type { World } from "../state/world.ts";

/** `POST /containers/create`. */
export const createContainer: Handler<"ContainerCreate"> = async (request, world) => {
  // What a client sends is what the specification says, or dockerd would not understand it either.
  const spec = (await request.json()) as ContainerCreateRequest;
  checkRequest(spec, world.containers);
  const name = String(request.parameters["name"] ?? "").replace(/^\//, "") || freshName(world);
  const container = makeContainer(world, name, spec, String(request.parameters["platform"] ?? ""));
  return { status: 201, value: { Id: container.facts.Id, Warnings: warningsFor(spec.HostConfig ?? {}) } };
};

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
