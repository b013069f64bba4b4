import type { ContainerCreateRequest } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";
import { Container } from "./container.ts";
import { commandOf, mergeConfig, mergeHostConfig } from "./container-config.ts";
import { checkPlatform } from "./platform.ts";
import type { World } from "./world.ts";

/**
 * Makes a container, which the engine knows from then on.
 *
 * @param platform the platform that its image must be for; empty for any
 * @throws Refusal in dockerd's words if it cannot be made: e.g. 404 if its image is not there.
 */
export function makeContainer(world: World, name: string, spec: ContainerCreateRequest, platform = ""): Container {
  if (spec.Image === undefined || spec.Image === "") {
    commandOf(spec);
    throw new Refusal(400, "config cannot be empty in order to create a container");
  }
  world.containers.checkName(name);
  const image = world.images.find(spec.Image);
  checkPlatform(platform, spec.Image);
  const Id = world.ids.next();
  const config = mergeConfig(Id, spec, image);
  commandOf(config);
  const container = new Container(
    {
      Id,
      name,
      config,
      hostConfig: mergeHostConfig(spec.HostConfig),
      networkingConfig: spec.NetworkingConfig ?? {},
      image,
      imageName: spec.Image,
    },
    world.clock,
  );
  world.lifecycle.add(container);
  return container;
}
