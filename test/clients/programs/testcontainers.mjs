// What testcontainers is used for: `DOCKER_HOST=… node testcontainers.mjs IMAGE`. Fails if a container does not become what was
// asked for, and ends by itself.
import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { GenericContainer, Network, Wait } from "testcontainers";

const [image] = process.argv.slice(2);

const network = await new Network().start();
const container = await new GenericContainer(image)
  .withCommand(["sh", "-c", "cat /etc/greeting; echo ready; sleep 300"])
  .withEnvironment({ GREETING: "hello" })
  .withLabels({ client: "testcontainers" })
  .withNetwork(network)
  .withNetworkAliases("greeter")
  .withCopyContentToContainer([{ content: "good day\n", target: "/etc/greeting" }])
  .withWaitStrategy(Wait.forLogMessage("ready"))
  .withStartupTimeout(20_000)
  .start();
try {
  assert.equal(container.getLabels().client, "testcontainers");
  const { output, exitCode } = await container.exec(["sh", "-c", "echo $GREETING; exit 2"]);
  assert.deepEqual([output, exitCode], ["hello\n", 2]);
  await container.copyContentToContainer([{ content: "later\n", target: "/tmp/later" }]);
  assert.equal((await container.exec(["cat", "/tmp/later"])).output, "later\n");
  assert.ok((await text(await container.copyArchiveFromContainer("/tmp/later"))).includes("later\n"));
  await container.restart();
  assert.match(container.getId(), /^[0-9a-f]{64}$/);
} finally {
  await container.stop({ timeout: 0 });
  await network.stop();
}

const healthy = await new GenericContainer(image)
  .withCommand(["sleep", "300"])
  .withHealthCheck({ test: ["CMD", "true"], interval: 200, timeout: 1000, retries: 3, startPeriod: 0 })
  .withWaitStrategy(Wait.forHealthCheck())
  .start();
await healthy.stop({ timeout: 0 });

const once = await new GenericContainer(image).withCommand(["true"]).withWaitStrategy(Wait.forOneShotStartup()).start();
await once.stop();
