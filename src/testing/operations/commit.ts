import type { ContainerConfig, ImageConfig } from "../../generated/models.ts";
import { applyChanges } from "../build/changes.ts";
import type { Handlers } from "../http/handler.ts";
import type { Container } from "../state/container.ts";
import { mergeConfig } from "../state/container-config.ts";
import { type HistoryEntry, type Image, makeImage } from "../state/image.ts";
import { type ImageReference, parseReference, withTag } from "../state/image-reference.ts";
import { layerBetween } from "../state/layer.ts";
import type { World } from "../state/world.ts";

/** Makes images of containers. */
export const commitHandlers: Handlers = {
  ImageCommit: async ({ parameters, json }, world) => {
    const text = (name: string) => String(parameters[name] ?? "");
    const container = world.containers.find(text("container"));
    const named = text("repo") === "" ? undefined : parseReference(text("repo"));
    const reference = named !== undefined && text("tag") !== "" ? withTag(named, text("tag")) : named;
    // What a client sends is what the specification says, or dockerd would not understand it either.
    const asked = (await json()) as ContainerConfig;
    // Of the query come lists of texts.
    const config = applyChanges(configOf(container, asked), (parameters["changes"] ?? []) as readonly string[]);
    const image = commit(world, container, config, { author: text("author"), comment: text("comment") });
    world.images.add(image, reference);
    tell(world, container, image, reference);
    return { status: 201, value: { Id: image.Id } };
  },
};

interface Remarks {
  readonly author: string;
  readonly comment: string;
}

function commit({ clock }: World, { facts, files }: Container, config: ImageConfig, remarks: Remarks): Image {
  const { image } = facts;
  const createdMs = clock.now();
  const after = files.clone();
  const layer = layerBetween(image.files.root, after.root);
  const { Entrypoint, Cmd } = facts.config;
  const entry: HistoryEntry = {
    createdMs,
    createdBy: [...(Entrypoint ?? []), ...(Cmd ?? [])].join(" "),
    comment: remarks.comment,
    emptyLayer: layer === undefined,
  };
  return makeImage({
    ...{ config, createdMs, files: after, program: image.program, programName: image.programName },
    layers: [...image.layers, ...(layer === undefined ? [] : [layer])],
    history: [...image.history, entry],
    parent: image.Id,
    ...remarks,
  });
}

/** What is asked for is filled up from the container, as a container is from its image. */
function configOf({ facts }: Container, asked: ContainerConfig): ImageConfig {
  const { config, Id, image } = facts;
  const merged = mergeConfig(Id, asked, { ...image, config: imageConfigOf(config) });
  return imageConfigOf(merged);
}

function imageConfigOf(config: ContainerConfig): ImageConfig {
  const {
    User,
    ExposedPorts,
    Env,
    Cmd,
    Healthcheck,
    Volumes,
    WorkingDir,
    Entrypoint,
    OnBuild,
    Labels,
    StopSignal,
    Shell,
  } = config;
  const all = {
    User,
    ExposedPorts,
    Env,
    Cmd,
    Healthcheck,
    Volumes,
    WorkingDir,
    Entrypoint,
    OnBuild,
    Labels,
    StopSignal,
    Shell,
  };
  // Nothing was added.
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as ImageConfig;
}

function tell(world: World, { facts }: Container, image: Image, reference: ImageReference | undefined): void {
  const { images, events } = world;
  images.tell("create", image);
  if (reference !== undefined) {
    images.tell("tag", image, reference.name);
  }
  const { Labels } = facts.config;
  const Attributes = {
    ...Labels,
    image: facts.imageName,
    name: facts.name,
    comment: image.comment ?? "",
    imageID: image.Id,
  };
  const imageRef = reference === undefined ? {} : { imageRef: reference.name };
  events.publish({ Type: "container", Action: "commit", ID: facts.Id, Attributes: { ...Attributes, ...imageRef } });
}
