import type { AuthConfig, ImageSearchResponseItem } from "../../generated/models.ts";
import type { Handlers } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import { chooser } from "../state/filters.ts";
import { hubHost, parseReference } from "../state/image-reference.ts";
import { dockerTypes } from "../state/manifest.ts";
import type { World } from "../state/world.ts";
import { importImage } from "./import-image.ts";
import { progressReply } from "./progress.ts";
import { credentialsOf, pull } from "./pull.ts";
import { push } from "./push.ts";

/** What an engine does with the registries that it reaches. */
export const registryHandlers: Handlers = {
  ImageCreate: async (request, world) => {
    const isPull = String(request.parameters["fromImage"] ?? "") !== "";
    const reports = isPull ? pull(request, world) : await importImage(request, world);
    return { status: 200, value: progressReply(reports) };
  },
  ImagePush: (request, world) => ({ status: 200, value: progressReply(push(request, world)) }),
  ImageSearch: ({ parameters }, world) => ({ status: 200, value: search(world, parameters) }),
  DistributionInspect: ({ path, parameters }, { registries }) => {
    const reference = parseReference(path["name"] ?? "");
    const registry = registries.find(reference.host);
    registry.check(reference, credentialsOf(parameters["registryAuth"]));
    const { digest, sizeBytes } = findForDistribution(() => registry.find(reference));
    const Descriptor = { mediaType: dockerTypes.manifest, digest, size: sizeBytes };
    return { status: 200, value: { Descriptor, Platforms: [{ architecture: "amd64", os: "linux" }] } };
  },
  SystemAuth: async ({ json }, { registries }) => {
    const credentials: AuthConfig = await json();
    const host = hostOf(credentials.serveraddress ?? "");
    if (!registries.find(host).admits(credentials)) {
      throw host === hubHost
        ? new Refusal(401, `Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password`)
        : new Refusal(500, `login attempt to https://${host}/v2/ failed with status: 401 Unauthorized`);
    }
    return { status: 200, value: { IdentityToken: "", Status: "Login Succeeded" } };
  },
};

/** Here the registry's own words are the message. */
function findForDistribution<T>(find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (error instanceof Refusal && /manifest unknown$/.test(error.message)) {
      throw new Refusal(404, "manifest unknown: manifest unknown");
    }
    throw error;
  }
}

/** The host of an address, which may be a URL; that of Docker Hub has had several. */
function hostOf(address: string): string {
  if (/%(?![0-9a-f]{2})/i.test(address)) {
    const wrong = /%.{0,2}/.exec(address)?.[0] ?? "";
    throw new Refusal(
      400,
      `unable to parse server address: parse ${JSON.stringify(`https://${address}`)}: invalid URL escape ${JSON.stringify(wrong)}`,
    );
  }
  const host = address.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return ["", "index.docker.io", "registry-1.docker.io"].includes(host) ? hubHost : host;
}

const mostFound = 100;
const usuallyFound = 25;

function search(world: World, parameters: Readonly<Record<string, unknown>>): ImageSearchResponseItem[] {
  const limit = Number(parameters["limit"] ?? 0) || usuallyFound;
  if (limit < 1 || limit > mostFound) {
    throw new Refusal(400, `limit ${limit} is outside the range of [1, ${mostFound}]`);
  }
  const choose = chooser<ImageSearchResponseItem>(parameters["filters"], {
    "is-official": ({ is_official }, value) => is_official === (value === "true" || value === "1"),
    "is-automated": (_, value) => value !== "true" && value !== "1",
    stars: ({ star_count = 0 }, value) => star_count >= Number(value),
  });
  const term = String(parameters["term"] ?? "");
  const slash = term.indexOf("/");
  const isHost = slash > 0 && /[.:]|^localhost$/.test(term.slice(0, slash));
  if (isHost) {
    world.registries.find(term.slice(0, slash));
    // Of all registries only Docker Hub has an index.
    throw new Refusal(500, "Unexpected status code 404");
  }
  const found = world.registries
    .find(hubHost)
    .search(term)
    .map(({ path, repository }) => ({
      name: repository,
      description: "",
      is_official: path.startsWith("library/"),
      is_automated: false,
      star_count: 0,
    }));
  return found.filter(choose).slice(0, limit);
}
