import type { Call } from "../index.ts";
import type { Done } from "./each.ts";

/**
 * Awaits a call that changes a container or an image and answers nothing more.
 *
 * @throws what the call throws.
 */
export async function changed(name: string, call: Call<unknown, { readonly kind: string }>): Promise<Done> {
  const [{ kind }] = await Promise.all([call.outcome(), call]);
  return { text: name, data: { name, kind } };
}
