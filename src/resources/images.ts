import type { Call } from "../call.ts";
import type { CallOptions } from "../engine/call-options.ts";
import type { Engine, ValueOf } from "../engine/engine.ts";
import type { Outcomes } from "../generated/outcomes.ts";
import type * as parameters from "../generated/parameters.ts";
import { split } from "./options.ts";
import { type PullCall, type PullOptions, pullImage } from "./pull.ts";

/** What a method of `Images` returns. */
type Of<Id extends keyof Outcomes> = Call<ValueOf<Outcomes[Id]>, Outcomes[Id]>;

/**
 * Images. `name` is an image's name with or without a tag, its id, or an unambiguous beginning of its id.
 *
 * Every method throws (or, through `outcome()`, gives as data) the answers that its operation documents. All of them
 * throw an `InvalidRequestError` before anything is sent if an argument cannot be sent.
 */
export class Images {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Lists images.
   *
   * `GET /images/json`, since API 1.40.
   *
   * @param options `all` shows intermediate images too; `filters` narrows the list down
   *
   * @example
   * const dangling = await docker.images.list({ filters: { dangling: ["true"] } });
   */
  list(options: CallOptions & parameters.ImageListParameters = {}): Of<"ImageList"> {
    return this.#engine.call("ImageList", split(options));
  }

  /**
   * Gives everything that the engine knows of an image.
   *
   * `GET /images/{name}/json`, since API 1.40.
   */
  inspect(name: string, options: CallOptions & parameters.ImageInspectParameters = {}): Of<"ImageInspect"> {
    return this.#engine.call("ImageInspect", { ...split(options), path: { name } });
  }

  /**
   * Pulls an image from its registry. `await` it to have it pulled, or iterate it for the progress; a failure that the
   * engine reports in the middle of the progress is thrown by both.
   *
   * `POST /images/create`, since API 1.40.
   *
   * @param image `alpine:3`, `registry.example:5000/team/app`, `app@sha256:…`; without a tag `latest`
   * @throws EngineStreamError if the engine reports a failure after it began to answer
   *
   * @example
   * await docker.images.pull("alpine:3");
   *
   * @example
   * for await (const { id, status, progressDetail } of docker.images.pull("alpine:3")) {
   *   console.log(id, status, progressDetail?.current);
   * }
   */
  pull(image: string, options: PullOptions = {}): PullCall {
    return pullImage(this.#engine, image, options);
  }

  /**
   * Gives an image another name.
   *
   * `POST /images/{name}/tag`, since API 1.40.
   *
   * @param options `repo` is the new name, `tag` its tag (default: `latest`)
   */
  tag(name: string, options: CallOptions & parameters.ImageTagParameters): Of<"ImageTag"> {
    return this.#engine.call("ImageTag", { ...split(options), path: { name } });
  }

  /**
   * Removes an image's name and, with its last name, the image.
   *
   * `DELETE /images/{name}`, since API 1.40.
   *
   * @param options `force` removes it even if stopped containers use it; `noprune` keeps untagged parents
   * @returns what was untagged and what was deleted
   */
  remove(name: string, options: CallOptions & parameters.ImageDeleteParameters = {}): Of<"ImageDelete"> {
    return this.#engine.call("ImageDelete", { ...split(options), path: { name } });
  }

  /**
   * Lists the layers of an image, newest first.
   *
   * `GET /images/{name}/history`, since API 1.40.
   */
  history(name: string, options: CallOptions & parameters.ImageHistoryParameters = {}): Of<"ImageHistory"> {
    return this.#engine.call("ImageHistory", { ...split(options), path: { name } });
  }
}
