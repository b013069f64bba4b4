/**
 * A running container at the engine of DOCKER_HOST, of an image that it has: `BENCH_IMAGE`, or busybox:local. It and its
 * anonymous volumes are removed in the end.
 */
export async function withContainer(docker, use, HostConfig = {}) {
  const { Id } = await docker.containers.create({
    Image: process.env.BENCH_IMAGE ?? "busybox:local",
    Cmd: ["sleep", "86400"],
    HostConfig,
  });
  try {
    await docker.containers.start(Id);
    return await use(Id);
  } finally {
    await docker.containers.remove(Id, { force: true, v: true });
  }
}
