import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, it } from "node:test";
import { request } from "./engine-request.ts";
import { useExclusively } from "./exclusive.ts";

/** One real engine the tests run on. */
export interface TestEngine {
  /** The name given in `FAIRLEAD_TEST_ENGINES`, such as `docker28`. */
  readonly name: string;
  /** The address as a `DOCKER_HOST` would have it: `unix:///path` or `tcp://host:port`. */
  readonly host: string;
  /** What the engine says of itself. Asked once, when first wanted; rejects when the engine does not answer. */
  facts(): Promise<EngineFacts>;
}

/** What an engine says of itself in answer to `GET /version`. */
interface EngineFacts {
  readonly version: string;
  /** The newest API version the engine speaks. */
  readonly apiVersion: string;
  /** The oldest API version the engine speaks. */
  readonly minApiVersion: string;
  readonly isPodman: boolean;
  /** Whether it is that of `fairlead/testing`, which behaves as Docker does and says 501 to what it has not. */
  readonly isEmbedded: boolean;
}

/** The image that the runner puts on every engine: a busybox with all its applets, whose `Cmd` is a shell. */
export const testImage: string = "fairlead/busybox:test";

/** The label that everything a test creates must carry, so that what it leaves behind is found. */
export const testLabels: Readonly<Record<"dev.fairlead.test", string>> = { "dev.fairlead.test": randomUUID() };

const { FAIRLEAD_TEST_ENGINES = "", FAIRLEAD_TEST_SWARM_ENGINES = "", FAIRLEAD_TEST_IMAGE_STORES = "" } = process.env;

/** The engines of `FAIRLEAD_TEST_ENGINES`, in its order. */
export const engines: readonly TestEngine[] = parseEngines(FAIRLEAD_TEST_ENGINES);

/** Engines that differ from others in where they keep their images only. */
const imageStores = parseEngines(FAIRLEAD_TEST_IMAGE_STORES);

/** Engines whose swarms the tests make and leave, in the place of those of the same name. */
const swarmEngines = parseEngines(FAIRLEAD_TEST_SWARM_ENGINES);

/** The longest that all tests of one suite on one engine may take, with the time that it waits for others. */
const timeoutMs = 600_000;

/**
 * Reads a list of `name=address`, separated by commas or white space.
 * Throws when an entry is not of that form, or when a name comes twice.
 */
export function parseEngines(list: string): readonly TestEngine[] {
  const found = list.split(/[\s,]+/).filter((entry) => entry !== "");
  const names = new Set<string>();
  return found.map((entry) => {
    const [, name, host] = /^([\w.-]+)=((?:unix|tcp):\/\/.+)$/.exec(entry) ?? [];
    if (name === undefined || host === undefined || names.has(name)) {
      throw new Error(`FAIRLEAD_TEST_ENGINES wants distinct name=unix:///path or name=tcp://host:port, not "${entry}"`);
    }
    names.add(name);
    return testEngine(name, host);
  });
}

/**
 * Registers one suite per engine, called `title on name`. A suite fails when its engine does not answer, and when
 * its tests leave a container, network or volume with `testLabels` behind, which it then removes. Without any
 * engine there is one failing test instead: nothing is skipped in silence.
 */
export function forEachEngine(title: string, body: (engine: TestEngine) => void): void {
  forEachOf(engines, title, body);
}

/** The same for tests that make an engine enter or leave a swarm, or that want it in none. */
export function forEachSwarmEngine(title: string, body: (engine: TestEngine) => void): void {
  forEachOf(engines.map(swarmEngine), title, body);
}

/**
 * The engine that enters and leaves swarms in the place of another. While one does so, it answers 503 to requests for
 * volumes and networks, which other tests make of it: it asks the swarm for its own.
 */
export function swarmEngine(engine: TestEngine): TestEngine {
  return swarmEngines.find(({ name }) => name === engine.name) ?? engine;
}

/**
 * The same for tests of images, which run on the engines of `FAIRLEAD_TEST_IMAGE_STORES` as well. There one suite runs at a
 * time: who removes an image from containerd's store takes the layers of a classic build that goes on meanwhile ("content
 * digest ... not found", Docker 28.5).
 *
 * @param own - which engine is in the place of one of `FAIRLEAD_TEST_ENGINES`
 */
export function forEachImageStore(
  title: string,
  body: (engine: TestEngine) => void,
  own: (engine: TestEngine) => TestEngine = (engine) => engine,
): void {
  forEachOf([...engines.map(own), ...imageStores], title, (engine) => {
    if (imageStores.includes(engine)) {
      useExclusively("images", engine.host);
    }
    body(engine);
  });
}

function forEachOf(some: readonly TestEngine[], title: string, body: (engine: TestEngine) => void): void {
  if (engines.length === 0) {
    it(`${title} on an engine`, () => assert.fail("FAIRLEAD_TEST_ENGINES is empty: run the tests with `npm test`"));
  }
  for (const engine of some) {
    describe(`${title} on ${engine.name}`, { timeout: timeoutMs }, () => {
      before(async () => {
        await engine.facts();
      });
      body(engine);
      it("leaves nothing behind", () => failOnLeftovers(engine));
    });
  }
}

function testEngine(name: string, host: string): TestEngine {
  let facts: Promise<EngineFacts> | undefined;
  return {
    name,
    host,
    facts() {
      facts ??= askFacts(host).catch((cause: unknown) => {
        throw new Error(`The test engine ${name} (${host}) does not answer`, { cause });
      });
      return facts;
    },
  };
}

interface VersionAnswer {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly MinAPIVersion: string;
  readonly Components?: readonly { readonly Name: string }[];
}

async function askFacts(host: string): Promise<EngineFacts> {
  const answer = await request<VersionAnswer>(host, "GET", "/version");
  return {
    version: answer.Version,
    apiVersion: answer.ApiVersion,
    minApiVersion: answer.MinAPIVersion,
    isPodman: answer.Components?.some(({ Name }) => Name === "Podman Engine") ?? false,
    isEmbedded: answer.Version.endsWith("-fairlead"),
  };
}

interface VolumesAnswer {
  readonly Volumes: readonly TestVolume[] | null;
}

interface TestVolume {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/** Volumes of a swarm are listed whatever the filter says (observed on Docker 28.5). */
function isOurs({ Labels }: TestVolume): boolean {
  return Object.entries(testLabels).every(([key, value]) => Labels?.[key] === value);
}

async function failOnLeftovers({ name, host }: TestEngine): Promise<void> {
  const label = Object.entries(testLabels).map(([key, value]) => `${key}=${value}`);
  const query = `filters=${encodeURIComponent(JSON.stringify({ label }))}`;
  const containers = await request<readonly { Id: string }[]>(host, "GET", `/containers/json?all=true&${query}`);
  const networks = await request<readonly { Id: string }[]>(host, "GET", `/networks?${query}`);
  const { Volumes } = await request<VolumesAnswer>(host, "GET", `/volumes?${query}`);
  const left = [
    ...containers.map(({ Id }) => `/containers/${Id}?force=true&v=true`),
    ...networks.map(({ Id }) => `/networks/${Id}`),
    ...(Volumes ?? []).filter(isOurs).map((volume) => `/volumes/${volume.Name}?force=true`),
  ];
  for (const path of left) await request(host, "DELETE", path);
  assert.deepEqual(left, [], `tests left these behind on ${name}; they have been removed`);
}
