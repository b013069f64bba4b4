import type { Container } from "./container.ts";
import type { EventBus } from "./event-bus.ts";

/** Tells of containers, with the attributes that dockerd adds: the labels, the image and the name. */
export class ContainerEvents {
  readonly #bus: EventBus;

  constructor(bus: EventBus) {
    this.#bus = bus;
  }

  tell({ facts }: Container, Action: string, attributes: Readonly<Record<string, string>>): void {
    const Attributes = { ...facts.config.Labels, image: facts.imageName, name: facts.name, ...attributes };
    this.#bus.publish({ Type: "container", Action, ID: facts.Id, Attributes });
  }
}
