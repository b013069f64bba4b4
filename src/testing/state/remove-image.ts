import type { ImageDeleteResponseItem } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";
import type { Container } from "./container.ts";
import type { Image } from "./image.ts";
import { type ImageReference, parseReference } from "./image-reference.ts";
import { chainIds } from "./layer.ts";
import type { World } from "./world.ts";

/** How an image is removed. */
export interface RemoveOptions {
  readonly force?: boolean;
  /** Whether parents that have no name and no other child go too. */
  readonly prune?: boolean;
}

type Records = ImageDeleteResponseItem[];

/** Why an image cannot be removed. */
interface Conflict {
  readonly reason: string;
  readonly isHard: boolean;
  /** Whether a container is in the way. */
  readonly isUsed: boolean;
}

/**
 * Takes a name from an image, and removes it with its last one; rules and texts are dockerd's
 * (moby:daemon/images/image_delete.go).
 *
 * @throws Refusal 404 if there is no such image, 409 if something needs it.
 */
export function removeImage(world: World, text: string, { force = false, prune = true }: RemoveOptions): Records {
  const { images } = world;
  const image = images.find(text);
  const records: Records = [];
  if (isIdOf(image, text)) {
    if (isSingle(images.referencesOf(image))) {
      const conflicts = findConflicts(world, image).filter(({ reason }) => reason !== manyReferences);
      refuse(image, conflicts, force);
      untag(world, image, images.referencesOf(image), records);
    }
    removeWhole(world, image, records, { force, prune, quiet: false });
    return records;
  }
  if (!force && isSingle(images.referencesOf(image))) {
    refuseIfUsed(world, image, text);
  }
  untagByName(world, image, parseReference(text), records);
  if (images.referencesOf(image).length === 0) {
    removeWhole(world, image, records, { force, prune, quiet: true });
  }
  return records;
}

function isIdOf({ Id }: Image, text: string): boolean {
  return Id.startsWith(text) || Id.startsWith(`sha256:${text}`);
}

function refuseIfUsed(world: World, image: Image, text: string): void {
  const [user] = usersOf(world, image);
  if (user !== undefined) {
    throw new Refusal(
      409,
      `conflict: unable to remove repository reference ${JSON.stringify(text)} (must force) - container ${short(user.facts.Id)} is using its referenced image ${shortId(image)}`,
    );
  }
}

/** With the last tag of a repository go its digests. */
function untagByName(world: World, image: Image, asked: ImageReference, records: Records): void {
  const { images } = world;
  untag(world, image, [asked], records);
  const rest = images.referencesOf(image).filter(({ repository }) => repository === asked.repository);
  if (asked.digest === undefined && rest.every(({ digest }) => digest !== undefined)) {
    untag(world, image, rest, records);
  }
}

function untag({ images }: World, image: Image, references: readonly ImageReference[], records: Records): void {
  for (const reference of references) {
    images.unname(reference);
    images.tell("untag", image);
    records.push({ Untagged: reference.name });
  }
}

interface Manner {
  readonly force: boolean;
  readonly prune: boolean;
  /** Whether an image that is needed just stays. */
  readonly quiet: boolean;
}

function removeWhole(world: World, image: Image, records: Records, { force, prune, quiet }: Manner): void {
  const { images } = world;
  const conflicts = findConflicts(world, image);
  const conflict = conflicts.find(({ isHard }) => isHard || !force);
  if (conflict !== undefined) {
    const isDangling = images.referencesOf(image).length === 0 && images.childrenOf(image).length === 0;
    if (quiet && (!isDangling || conflict.isUsed)) {
      return;
    }
    refuse(image, [conflict], force);
  }
  untag(world, image, images.referencesOf(image), records);
  images.remove(image);
  images.tell("delete", { ...image, config: {} });
  records.push({ Deleted: image.Id });
  const stillUsed = new Set(images.all().flatMap(({ layers }) => chainIds(layers)));
  const unused = chainIds(image.layers).filter((id) => !stillUsed.has(id));
  records.push(...unused.reverse().map((Deleted) => ({ Deleted })));
  const parent = image.parent === undefined ? undefined : images.get(image.parent);
  if (prune && parent !== undefined) {
    removeWhole(world, parent, records, { force: false, prune: true, quiet: true });
  }
}

const manyReferences = "image is referenced in multiple repositories";

function findConflicts(world: World, image: Image): Conflict[] {
  const users = usersOf(world, image);
  const running = users.find(({ isRunning }) => isRunning);
  const using = (state: string, { facts }: Container) => `image is being used by ${state} container ${short(facts.Id)}`;
  const [stopped] = users;
  const found: (Conflict | undefined | false)[] = [
    world.images.childrenOf(image).length > 0 && hard("image has dependent child images", false),
    running && hard(using("running", running), true),
    world.images.referencesOf(image).length > 0 && { reason: manyReferences, isHard: false, isUsed: false },
    stopped && { reason: using("stopped", stopped), isHard: false, isUsed: true },
  ];
  return found.filter((conflict) => typeof conflict === "object");
}

function hard(reason: string, isUsed: boolean): Conflict {
  return { reason, isHard: true, isUsed };
}

function refuse(image: Image, conflicts: readonly Conflict[], force: boolean): void {
  const conflict = conflicts.find(({ isHard }) => isHard || !force);
  if (conflict !== undefined) {
    const remedy = conflict.isHard ? "cannot be forced" : "must be forced";
    throw new Refusal(409, `conflict: unable to delete ${shortId(image)} (${remedy}) - ${conflict.reason}`);
  }
}

/** Whether all names of an image are one tag, and perhaps the digest in the same repository. */
function isSingle(references: readonly ImageReference[]): boolean {
  const tags = references.filter(({ digest }) => digest === undefined);
  return tags.length <= 1 && new Set(references.map(({ repository }) => repository)).size <= 1;
}

function usersOf({ containers }: World, { Id }: Image): Container[] {
  return containers.all().filter(({ facts }) => facts.image.Id === Id);
}

function shortId({ Id }: Image): string {
  return short(Id.replace("sha256:", ""));
}

function short(id: string): string {
  return id.slice(0, 12);
}
