import type { Command } from "../command.ts";
import { defineStopping } from "../stopping.ts";

/** `fairlead stop` */
export const stop: Command = defineStopping("stop", ["fairlead stop web", "fairlead stop --timeout 30 web worker"]);
