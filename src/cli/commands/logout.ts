import { type Command, defineCommand } from "../command.ts";

/** `fairlead logout` */
export const logout: Command = defineCommand({
  usage: "[REGISTRY]",
  minOperands: 0,
  maxOperands: 1,
  options: {},
  examples: ["fairlead logout", "fairlead logout registry.example:5000"],
  async run({ docker, operands: [registry] }) {
    await docker.registry.logout(registry);
  },
});
