import { Refusal } from "../http/refusal.ts";
import type { Container } from "./container.ts";
import type { NetworkStore } from "./networks.ts";

/**
 * Connects a new container to the networks that it was made for: that of its `NetworkMode`, and those of its endpoints.
 *
 * @throws Refusal if one of them is not there.
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
    networks.connect(networks.find(name), container, asked.get(name) ?? {});
  }
  publish(container);
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
