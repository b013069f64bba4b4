import type { Command } from "../command.ts";
import { defineStopping } from "../stopping.ts";

/** `fairlead restart` */
export const restart: Command = defineStopping("restart", ["fairlead restart web"]);
