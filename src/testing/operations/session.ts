import type { Handlers, Takeover } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";

/** `POST /session`: a session is opened for whoever asks in HTTP/2, and nothing is said in it, for there is no BuildKit. */
export const sessionHandlers: Handlers = {
  Session: ({ headers }) => {
    const protocol = headers["upgrade"];
    if (protocol === undefined) {
      throw new Refusal(400, "no upgrade proto in request");
    }
    if (protocol !== "h2c") {
      throw new Refusal(400, `protocol ${protocol} not supported`);
    }
    const takeover: Takeover = {
      headers: { Connection: "Upgrade", Upgrade: "h2c" },
      serve: async (connection) => {
        for await (const _ of connection) {
          // Nobody here asks for anything.
        }
      },
    };
    return { status: 101, value: takeover };
  },
};
