import { attempt, Refusal } from "../http/refusal.ts";
import type { Container } from "./container.ts";
import type { ContainerStore } from "./container-store.ts";
import type { NetworkStore } from "./networks.ts";

/**
 * Connects a new container to the networks that it was made for: that of its `NetworkMode`, and those of its endpoints.
 * They need not be there until it starts.
 */
export function connectAsAsked(container: Container, networks: NetworkStore): void {
  const { hostConfig, networkingConfig } = container.facts;
  const mode = hostConfig.NetworkMode || "bridge";
  if (mode.startsWith("container:")) {
    return;
  }
  const endpoints = Object.entries(networkingConfig.EndpointsConfig ?? {});
  const asked = new Map(endpoints.map(([name, endpoint]) => [realName(name), endpoint]));
  for (const name of new Set([realName(mode), ...asked.keys()])) {
    networks.expect(name, container, asked.get(name) ?? {});
  }
  publish(container);
}

/** @throws Refusal if a network that a container is to start in is not there, or a container whose network it shares. */
export function mustHaveNetworks(
  { facts, networks }: Container,
  store: NetworkStore,
  containers: ContainerStore,
): void {
  for (const name of Object.keys(networks)) {
    attempt("failed to set up container networking", () => store.find(name));
  }
  const [kind, other = ""] = (facts.hostConfig.NetworkMode ?? "").split(":");
  if (kind === "container" && !containers.isThere(other)) {
    throw new Refusal(500, `joining network namespace of container: No such container: ${other}`);
  }
}

/** The docker CLI calls the bridge `default`. */
function realName(name: string): string {
  return name === "default" ? "bridge" : name;
}

/** The ports of the host are never opened; they are told as if they were. */
function publish(container: Container): void {
  const { hostConfig, config } = container.facts;
  const bound = Object.entries(hostConfig.PortBindings ?? {});
  container.ports = bound.flatMap(([port, bindings]) => {
    const [number = "", Type = "tcp"] = port.split("/");
    if (!/^\d+$/.test(number)) {
      throw new Refusal(400, `invalid port specification: "${port}"`);
    }
    const PrivatePort = Number(number);
    return (bindings ?? []).map(({ HostIp, HostPort }) => ({
      IP: HostIp || "0.0.0.0",
      PrivatePort,
      PublicPort: Number(HostPort) || PrivatePort + 32_768,
      Type,
    }));
  });
  const exposed = Object.keys(config.ExposedPorts ?? {}).filter(
    (port) => hostConfig.PortBindings?.[port] === undefined,
  );
  for (const port of exposed) {
    const [number, Type = "tcp"] = port.split("/");
    container.ports.push({ PrivatePort: Number(number), Type });
  }
}
