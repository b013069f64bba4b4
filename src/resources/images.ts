import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type * as parameters from "../generated/parameters.ts";
import { type BuildCall, type BuildContext, type BuildOptions, buildImage } from "./build.ts";
import type { ByteSource } from "./byte-source.ts";
import {
  type ImportCall,
  type ImportOptions,
  type ImportSource,
  importImage,
  type LoadCall,
  type LoadOptions,
  loadImages,
} from "./load.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";
import { type PullCall, type PullOptions, pullImage } from "./pull.ts";
import { type PushCall, type PushOptions, pushImage } from "./push.ts";
import { type SaveCall, saveImages } from "./tar-streams.ts";

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
  list(options: CallOptions & parameters.ImageListParameters = {}): OperationCall<"ImageList"> {
    return this.#engine.call("ImageList", split(options));
  }

  /**
   * Gives everything that the engine knows of an image.
   *
   * `GET /images/{name}/json`, since API 1.40.
   */
  inspect(name: string, options: CallOptions & parameters.ImageInspectParameters = {}): OperationCall<"ImageInspect"> {
    return this.#engine.call("ImageInspect", { ...split(options), path: { name } });
  }

  /**
   * Pulls an image from its registry. `await` it to have it pulled, or iterate it for the progress; a failure that the
   * engine reports in the middle of the progress is thrown by both.
   *
   * `POST /images/create`, since API 1.40.
   *
   * @param image `alpine:3`, `registry.example:5000/team/app`, `app@sha256:…`; without a tag `latest`
   * @param options `policy: "missing"` asks the registry only if the engine does not have the image; `registryAuth` are
   *   the registry's credentials (default: those that this client has for it)
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
   * Pushes an image to the registry that its name begins with. `await` it to have it pushed, or iterate it for the
   * progress; a failure that the engine reports in the middle of the progress is thrown by both.
   *
   * `POST /images/{name}/push`, since API 1.40.
   *
   * @param image `registry.example:5000/team/app:1`; without a tag `latest`
   * @param options `registryAuth` are the registry's credentials (default: those that this client has for it); `platform`
   *   (since API 1.46) picks one of several
   * @throws EngineStreamError if the engine reports a failure after it began to answer, such as wrong credentials
   *
   * @example
   * const { digest } = await docker.images.push("registry.example:5000/team/app:1", {
   *   registryAuth: { username: "me", password: "secret" },
   * });
   */
  push(image: string, options: PushOptions = {}): PushCall {
    return pushImage(this.#engine, image, options);
  }

  /**
   * Gives an image another name.
   *
   * `POST /images/{name}/tag`, since API 1.40.
   *
   * @param options `repo` is the new name, `tag` its tag (default: `latest`)
   */
  tag(name: string, options: CallOptions & parameters.ImageTagParameters): OperationCall<"ImageTag"> {
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
  remove(name: string, options: CallOptions & parameters.ImageDeleteParameters = {}): OperationCall<"ImageDelete"> {
    return this.#engine.call("ImageDelete", { ...split(options), path: { name } });
  }

  /**
   * Lists the layers of an image, newest first.
   *
   * `GET /images/{name}/history`, since API 1.40.
   */
  history(name: string, options: CallOptions & parameters.ImageHistoryParameters = {}): OperationCall<"ImageHistory"> {
    return this.#engine.call("ImageHistory", { ...split(options), path: { name } });
  }

  /**
   * Searches the engine's default registry, or the one that the term begins with.
   *
   * `GET /images/search`, since API 1.40.
   *
   * @param term what to look for, e.g. `nginx` or `registry.example:5000/nginx`
   * @param options `limit` is the number of results at most (default: 25); `registryAuth` are the registry's credentials
   *   (default: those that this client has for it)
   *
   * @example
   * const official = await docker.images.search("nginx", { filters: { "is-official": ["true"] } });
   */
  search(
    term: string,
    options: CallOptions & Omit<parameters.ImageSearchParameters, "term"> = {},
  ): OperationCall<"ImageSearch"> {
    const { parameters: others, ...input } = split(options);
    return this.#engine.call("ImageSearch", { ...input, parameters: { ...others, term } });
  }

  /**
   * Removes the images without a name that no container uses, and with the filter `dangling: ["false"]` the named ones
   * too.
   *
   * `POST /images/prune`, since API 1.40. It may take long, so only the connecting has a time limit by default.
   *
   * @returns what was untagged and deleted, and the bytes that are free again
   */
  prune(options: CallOptions & parameters.ImagePruneParameters = {}): OperationCall<"ImagePrune"> {
    return this.#engine.call("ImagePrune", split(options));
  }

  /**
   * Lists the attestations of an image, such as its provenance and its bill of materials; `NotSupported` if the engine
   * keeps its images where there are none.
   *
   * `GET /images/{name}/attestations`, since API 1.55.
   *
   * @param options `platform` and `type` (predicate types) narrow the list down; `statement` adds the statements' content
   */
  attestations(
    name: string,
    options: CallOptions & parameters.ImageAttestationsParameters = {},
  ): OperationCall<"ImageAttestations"> {
    return this.#engine.call("ImageAttestations", { ...split(options), path: { name } });
  }

  /**
   * Builds an image. `await` it for the image's id, or iterate it for the events; a failure that the engine reports in
   * the middle of the build is thrown by both.
   *
   * `POST /build`, since API 1.40. It may take long, so only the connecting has a time limit by default.
   *
   * Of a folder it sends what `docker build` sends: without what `.dockerignore` names, and with `version: "2"` without
   * what `NAME.dockerignore` beside a Dockerfile of that NAME says instead.
   *
   * @param context a folder's path, a tar as bytes or as a stream, or a URL that the engine fetches
   * @param options `t` are the image's names. `dockerfile` is the Dockerfile's path in the context (default:
   *   `Dockerfile`); of a folder it may also lie outside. `version` is `1` for the classic builder (default) or `2` for
   *   BuildKit, which Podman does not have. `registryConfig` are credentials for base images, by registry (default: all
   *   that this client has); BuildKit does not read them, and gets none. `buildargs` are sent in the URL, as the API has
   *   it, and stay in the image's history: secrets do not belong there.
   * @throws BuildError if the build fails: it has the step that failed and the last lines that it printed; CopyError if
   *   the folder cannot be read or has devices, pipes or sockets in it
   *
   * @example
   * const { id } = await docker.images.build("./app", { t: ["app:1"], version: "2" });
   *
   * @example
   * for await (const event of docker.images.build("./app", { t: ["app:1"] })) {
   *   if (event.type === "output") process.stdout.write(event.text);
   * }
   */
  build(context: BuildContext, options: BuildOptions = {}): BuildCall {
    return buildImage(this.#engine, context, options);
  }

  /**
   * Empties the cache of builds: what no image needs, and with `all: true` the rest too.
   *
   * `POST /build/prune`, since API 1.40. It may take long, so only the connecting has a time limit by default. Podman does
   * not have it.
   *
   * @param options `filters` narrows it down; `reserved-space`, `max-used-space` and `min-free-space` (since API 1.48) or
   *   `keep-storage` (before) say in bytes how much may stay
   * @returns what was removed, and the bytes that are free again
   */
  buildPrune(options: CallOptions & parameters.BuildPruneParameters = {}): OperationCall<"BuildPrune"> {
    return this.#engine.call("BuildPrune", split(options));
  }

  /**
   * Cancels a running build of BuildKit. A build that is not there is a success too.
   *
   * `POST /build/cancel`, since API 1.40. Podman does not have it.
   *
   * @param id the `buildid` that the build was given
   */
  buildCancel(id: string, options: CallOptions = {}): OperationCall<"BuildCancel"> {
    return this.#engine.call("BuildCancel", { ...split(options), parameters: { id } });
  }

  /**
   * Reads images with all their layers and names as one tar, which `load` takes. Iterate the call for the bytes, or await
   * it for the stream.
   *
   * `GET /images/{name}/get` for one name and `GET /images/get` for a list, since API 1.40.
   *
   * @param names one image, or a list of them
   * @param options `platform` chooses among the variants of an image
   * @throws (the stream) EngineStreamError if the engine reports that it cannot go on; ResponseError if the tar breaks off
   *
   * @example
   * await pipeline((await docker.images.save("alpine:3")).toNodeStream(), createWriteStream("alpine.tar"));
   */
  save(names: string | readonly string[], options: CallOptions & parameters.ImageGetParameters = {}): SaveCall {
    return saveImages(this.#engine, names, split(options));
  }

  /**
   * Loads images from a tar that `save` or `docker save` made. `await` it to have them loaded, or iterate it for the
   * progress; a failure, which the engine always reports in the middle of the progress, is thrown by both.
   *
   * `POST /images/load`, since API 1.40.
   *
   * @param tar the tar, also compressed with gzip, bzip2, xz or zstd, at once or as a stream
   * @param options `quiet` (default: false) leaves the progress out; `platform` chooses among the variants of an image
   * @throws EngineStreamError if the engine reports a failure
   *
   * @example
   * const { images } = await docker.images.load(createReadStream("alpine.tar"));
   */
  load(tar: ByteSource, options: LoadOptions = {}): LoadCall {
    return loadImages(this.#engine, tar, options);
  }

  /**
   * Makes an image of one layer from a tar of a file system, such as `containers.export` gives.
   *
   * `POST /images/create`, since API 1.40.
   *
   * @param source the tar, at once or as a stream, or a `URL` from which the engine fetches it
   * @param options `repo` and `tag` name the image; `changes` are instructions of a Dockerfile, e.g. `CMD ["sh"]`;
   *   `message` is kept in its history
   * @returns the new image's `id`
   * @throws EngineStreamError if the engine reports a failure after it began to answer
   *
   * @example
   * await docker.images.import(await docker.containers.export("web"), { repo: "web", tag: "flat" });
   */
  import(source: ImportSource, options: ImportOptions = {}): ImportCall {
    return importImage(this.#engine, source, options);
  }
}
