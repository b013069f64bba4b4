// Removes what a build leaves, so that deleted sources do not live on in the package.
import { rm } from "node:fs/promises";

await rm(new URL("../dist", import.meta.url), { recursive: true, force: true });
