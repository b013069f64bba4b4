import type { Correction } from "../../scripts/generate/corrections.ts";

const build = "moby:daemon/server/router/build/build_routes.go";

function addBuild(name: string, as: "string" | "strings" | "json", because: string, type?: string): Correction {
  const row = { fix: "add-parameter", operations: ["ImageBuild"], name, as, because, source: build } as const;
  return type === undefined ? row : { ...row, type };
}

/** The parameters of the image build, which the spec knows in part only. */
export const buildParameters: readonly Correction[] = [
  addBuild("session", "string", "The id of the session that serves the build."),
  addBuild("buildid", "string", "A name for the build, by which `BuildCancel` finds it."),
  addBuild("cgroupparent", "string", "The parent of the build containers' control group."),
  addBuild("cpusetmems", "string", "The memory nodes that the build may use, e.g. `0-1`."),
  addBuild("isolation", "string", "How build containers are isolated, on Windows."),
  addBuild("securityopt", "strings", "Security options of the build containers."),
  addBuild("ulimits", "json", "Limits of the build containers.", "readonly Ulimit[]"),
  {
    fix: "retype-parameter",
    operations: ["ImageBuild"],
    name: "t",
    as: "strings",
    because: "Names for the image, any number of them.",
    source: build,
  },
  {
    fix: "retype-parameter",
    operations: ["ImageBuild"],
    name: "extrahosts",
    as: "strings",
    because: "Lines for the hosts file, each `name:address`.",
    source: build,
  },
  {
    fix: "retype-parameter",
    operations: ["ImageBuild"],
    name: "buildargs",
    as: "json",
    type: "Readonly<Record<string, string | null>>",
    because: "With null the engine takes the value from its own environment.",
    source: build,
  },
  {
    fix: "retype-parameter",
    operations: ["ImageBuild"],
    name: "labels",
    as: "json",
    type: "Readonly<Record<string, string>>",
    because: "Sent as JSON.",
    source: build,
  },
  {
    fix: "retype-parameter",
    operations: ["ImageBuild"],
    name: "cachefrom",
    as: "json",
    type: "readonly string[]",
    because: "Sent as JSON.",
    source: build,
  },
  {
    fix: "add-type",
    name: "BuildOutput",
    fields: { Type: "string", "Attrs?": "Record<string, string>" },
    because: "One item of the parameter `outputs`.",
    source: build,
  },
  {
    fix: "retype-parameter",
    operations: ["ImageBuild"],
    name: "outputs",
    as: "json",
    type: "readonly BuildOutput[]",
    because: "Sent as JSON.",
    source: build,
  },
  {
    fix: "retype-parameter",
    operations: ["ImageBuild"],
    name: "pull",
    as: "boolean",
    because: "Whether newer base images are looked for.",
    source: "moby:daemon/server/httputils/form.go:18-25",
  },
];
