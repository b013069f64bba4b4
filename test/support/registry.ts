import assert from "node:assert/strict";
import { Docker } from "../../src/index.ts";
import { testImage } from "./engines.ts";

/** Pushes the test image to a registry without credentials, through the engine at `host`. */
export async function pushTestImage(host: string, repo: string, tag: string): Promise<void> {
  await using docker = new Docker({ host });
  await docker.images.tag(testImage, { repo, tag });
  const input = { path: { name: repo }, parameters: { tag, registryAuth: {} } };
  const answer: Uint8Array[] = [];
  for await (const bytes of await docker.request("ImagePush", input)) {
    answer.push(bytes);
  }
  assert.doesNotMatch(Buffer.concat(answer).toString(), /"error/);
}
