import type { ImageConfig } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";
import { configSteps } from "./config-steps.ts";
import { parseInstruction } from "./dockerfile.ts";

/**
 * Applies instructions to the configuration of a container or an import, as `docker commit --change` has them.
 *
 * @throws Refusal 400 in dockerd's words if one is none, or does more than that.
 */
export function applyChanges(config: ImageConfig, changes: readonly string[]): ImageConfig {
  return changes.reduce((before, change, index) => {
    const [name = ""] = change.trim().toUpperCase().split(/\s/);
    const step = configSteps[name];
    if (step === undefined || name === "SHELL") {
      throw new Refusal(400, `${name} is not a valid change command`);
    }
    return step(parseInstruction(change.trim(), index + 1), before, {}).config;
  }, config);
}
