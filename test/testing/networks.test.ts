import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Docker } from "../../src/index.ts";
import { type Program, startEngine } from "../../src/testing/index.ts";
import { leakCheck } from "../support/leaks.ts";

const forever: Program = ({ signal, clock }) => clock.sleep(1e9, signal);

async function withDocker(body: (docker: Docker, start: (name: string) => Promise<string>) => Promise<void>) {
  await using engine = await startEngine();
  engine.image("forever", forever);
  await using docker = new Docker({ host: engine.host });
  const start = async (name: string) => {
    const { Id } = await docker.containers.create({ Image: "forever" }, { name });
    await docker.containers.start(Id);
    return Id;
  };
  await body(docker, start);
}

describe("networks of an embedded engine", () => {
  leakCheck();

  it("give addresses of their own subnet, in their range, and those that are asked for", () =>
    withDocker(async (docker, start) => {
      const Config = [{ Subnet: "10.9.0.0/24", IPRange: "10.9.0.128/25", Gateway: "10.9.0.254" }];
      const { Id } = await docker.networks.create({ Name: "own", IPAM: { Config } });
      const [one, two] = [await start("one"), await start("two")];
      await docker.networks.connect("own", { Container: one });
      const IPAMConfig = { IPv4Address: "10.9.0.7" };
      await docker.networks.connect("own", { Container: two, EndpointConfig: { IPAMConfig } });
      const { Containers = {}, IPAM } = await docker.networks.inspect(Id);
      assert.deepEqual(IPAM.Config, Config);
      assert.deepEqual(
        [Containers?.[one]?.IPv4Address, Containers?.[two]?.IPv4Address],
        ["10.9.0.128/24", "10.9.0.7/24"],
      );
      const third = { Container: await start("three"), EndpointConfig: { IPAMConfig } };
      await assert.rejects(docker.networks.connect("own", third), /Address already in use/);
    }));

  it("do not overlap, and are given anew when they are free again", () =>
    withDocker(async (docker) => {
      const subnetOf = async (Name: string) => {
        const { Id } = await docker.networks.create({ Name });
        return (await docker.networks.inspect(Id)).IPAM.Config?.[0]?.Subnet;
      };
      const subnets = [await subnetOf("one"), await subnetOf("two")];
      assert.deepEqual(subnets, ["172.18.0.0/16", "172.19.0.0/16"]);
      await docker.networks.remove("one");
      assert.equal(await subnetOf("three"), "172.18.0.0/16");
      const overlapping = { Name: "four", IPAM: { Config: [{ Subnet: "172.19.5.0/24" }] } };
      await assert.rejects(docker.networks.create(overlapping), /Pool overlaps/);
    }));

  it("of the host and of none are not joined beside others", () =>
    withDocker(async (docker, start) => {
      const Container = await start("one");
      await assert.rejects(docker.networks.connect("none", { Container }), /private \(none\) mode/);
      await assert.rejects(docker.networks.connect("host", { Container }), /must be created in host network mode/);
      await assert.rejects(docker.networks.create({ Name: "ov", Driver: "overlay" }), /not a swarm manager/);
    }));
});
