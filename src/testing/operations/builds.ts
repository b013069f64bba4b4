import type { BuildRequest } from "../build/build-request.ts";
import { Builder } from "../build/builder.ts";
import { parseDockerfile } from "../build/dockerfile.ts";
import { sortIntoStages } from "../build/stages.ts";
import { asTrace } from "../build/trace.ts";
import { FileSystem } from "../files/file-system.ts";
import type { EngineRequest, Handlers } from "../http/handler.ts";
import { notImplemented, Refusal, withStatus } from "../http/refusal.ts";
import { chooser } from "../state/filters.ts";
import { type ImageReference, parseReference } from "../state/image-reference.ts";
import { checkTar, layOver, readTar } from "../state/read-tar.ts";
import type { World } from "../state/world.ts";
import { progressReply, type Report } from "./progress.ts";
import { readWhole } from "./read-whole.ts";

/** Builds, and what dockerd keeps of them. */
export const buildHandlers: Handlers = {
  ImageBuild: async (request, world) => {
    const build = await readBuild(request, world);
    const stages = sortIntoStages(build.instructions, build.target);
    const reports = new Builder(world, build, stages).run();
    const { q, version } = request.parameters;
    // BuildKit's form, which clients ask for; the steps are taken in the classic builder's way.
    const form = version === "2" ? asTrace(reports, () => world.clock.now()) : q === true ? onlyId(reports) : reports;
    return { status: 200, value: progressReply(form) };
  },
  BuildPrune: ({ parameters }, { events }) => {
    chooser(parameters["filters"], pruneTests);
    events.publish({ Type: "builder", Action: "prune", ID: "", Attributes: { reclaimed: "0" } });
    return { status: 200, value: { CachesDeleted: null, SpaceReclaimed: 0 } };
  },
  BuildCancel: ({ parameters }) => {
    if (String(parameters["id"] ?? "") === "") {
      throw new Refusal(400, "build ID not provided");
    }
    return { status: 200, value: undefined };
  },
};

const never = () => false;
/** The filters that there are; no cache is kept apart from the images. */
const pruneTests = Object.fromEntries(
  ["description", "id", "inuse", "parent", "private", "shared", "type", "until", "unused-for"].map((key) => [
    key,
    never,
  ]),
);

async function readBuild({ parameters, body, signal }: EngineRequest, world: World): Promise<BuildRequest> {
  if (String(parameters["remote"] ?? "") !== "") {
    throw notImplemented("A build of an address");
  }
  const tags = readTags(parameters["t"]);
  const bytes = await readWhole(body, checkTar);
  const context = new FileSystem(() => world.clock.now());
  layOver(context, "/", bytes.length === 0 ? [] : await readTar(bytes), { rootOwned: true });
  const file = String(parameters["dockerfile"] ?? "") || "Dockerfile";
  return {
    context,
    instructions: parseDockerfile(readDockerfile(context, file), file),
    tags,
    buildArgs: tableOf<string | null>(parameters["buildargs"]),
    labels: tableOf<string>(parameters["labels"]),
    target: String(parameters["target"] ?? ""),
    noCache: parameters["nocache"] === true,
    pull: parameters["pull"] === true,
    removes: parameters["rm"] !== false || parameters["forcerm"] === true,
    removesFailed: parameters["forcerm"] === true,
    credentials: tableOf(parameters["registryConfig"]),
    signal,
  };
}

/** Here a name that is none is an internal error (moby:daemon/server/router/build/build_routes.go). */
function readTags(texts: unknown): ImageReference[] {
  // Of the query come lists of texts.
  return ((texts ?? []) as readonly string[])
    .filter((text) => text !== "")
    .map((text) => withStatus(500, () => parseReference(text)));
}

function readDockerfile(context: FileSystem, path: string): string {
  if (context.stat(`/${path}`)?.kind !== "file") {
    throw new Refusal(500, `Cannot locate specified Dockerfile: ${path}`);
  }
  return Buffer.from(context.readFile(`/${path}`)).toString();
}

function tableOf<T>(value: unknown): Readonly<Record<string, T>> {
  // The documented values of these parameters are tables.
  return typeof value === "object" && value !== null ? (value as Record<string, T>) : {};
}

/** Only the image's id; of a build that fails, everything. */
async function* onlyId(reports: AsyncIterable<Report>): AsyncGenerator<Report> {
  const held: Report[] = [];
  try {
    for await (const report of reports) {
      held.push(report);
    }
  } catch (error) {
    yield* held;
    throw error;
  }
  const id = held.map(({ aux }) => aux).findLast((aux) => aux !== undefined);
  yield { stream: `${typeof id === "object" && id !== null && "ID" in id ? id.ID : ""}\n` };
}
