import { GenerateError } from "./facts.ts";

type Wording = readonly [status: number, wording: RegExp, kind: string];

// One row per wording that the spec uses. A wording without a row stops the generator.
const wordings: readonly Wording[] = [
  [101, /^no error, (hijacking successful|hints proxy about hijacking)$/, "Upgraded"],
  [200, /^no error(, no upgrade header found)?$/, "Succeeded"],
  [
    200,
    /^(an identity token was generated|the content was extracted|the image was deleted) successfully$/,
    "Succeeded",
  ],
  [200, /^(list of image layers|the list of changes|descriptor and platform information)$/, "Succeeded"],
  [200, /^summary (image|volume) data/, "Succeeded"],
  [200, /^the container has (been updated|exit)$/, "Succeeded"],
  [200, /^logs returned as a stream/, "Succeeded"],
  [201, /^no error$|created successfully$/, "Succeeded"],
  [204, /^no error$|^the volume was removed$/, "Succeeded"],
  [304, /^container already started$/, "AlreadyStarted"],
  [304, /^container already stopped$/, "AlreadyStopped"],
  [400, /^bad parameter/, "BadParameter"],
  [401, /^auth error$|^failed authentication/, "Unauthorized"],
  [403, /^permission denied, .* read-only$/, "ReadOnly"],
  [403, /^(forbidden operation|operation forbidden|operation not supported|network is not eligible)/, "Forbidden"],
  [404, /^container or path does not exist$|^no such container or path/, "NoSuchContainerOrPath"],
  [404, /^network or container not found$/, "NoSuchNetworkOrContainer"],
  [404, /^no such container$/, "NoSuchContainer"],
  [404, /^no such exec instance$/, "NoSuchExec"],
  [404, /^no such image/, "NoSuchImage"],
  [404, /^no such volume/, "NoSuchVolume"],
  [404, /^(no such network|network not found)$/, "NoSuchNetwork"],
  [404, /^plugin (is )?not (installed|found)$/, "NoSuchPlugin"],
  [404, /^no such node$/, "NoSuchNode"],
  [404, /^no such swarm$/, "NoSuchSwarm"],
  [404, /^no such service$/, "NoSuchService"],
  [404, /^no such task$/, "NoSuchTask"],
  [404, /^(no such secret|secret not found)$/, "NoSuchSecret"],
  [404, /^(no such config|config not found)$/, "NoSuchConfig"],
  [404, /^repository does not exist/, "NoSuchRepository"],
  [409, /^conflict$/, "Conflict"],
  [409, /^name (already in use$|conflicts with)/, "NameInUse"],
  [409, /^volume is in use/, "VolumeInUse"],
  [409, /^container is (not running|stopped or paused)$/, "ContainerNotRunning"],
  [409, /^container is paused$/, "ContainerPaused"],
  [500, /^(server error|cannot resize container)$/, "ServerError"],
  [501, /does not support attestations/, "NotSupported"],
  [503, /^node is not part of a swarm$/, "NotInSwarm"],
  [503, /^node is already part of a swarm$/, "AlreadyInSwarm"],
];

/** What an answer of the spec means, from its status and wording. Throws a `GenerateError` for an unknown wording. */
export function kindOf(status: number, description: string, where: string): string {
  const text = description.trim().toLowerCase().replace(/\s+/g, " ").replace(/\.$/, "");
  const found = wordings.find(([of, wording]) => of === status && wording.test(text));
  if (found === undefined) throw new GenerateError(`${where}: unknown wording for ${status}: ${JSON.stringify(text)}`);
  return found[2];
}
