import type { Handlers } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";

/** Checkpoints are an experiment of dockerd's, which this engine does not take part in. */
export const checkpointHandlers: Handlers = {
  CheckpointList: refuse,
  CheckpointCreate: refuse,
  CheckpointDelete: refuse,
};

function refuse(): never {
  throw new Refusal(
    501,
    "This experimental feature is disabled by default. Start the Docker daemon in experimental mode in order to enable it.",
  );
}
