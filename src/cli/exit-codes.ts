/**
 * What the exit code of `fairlead` says.
 *
 * - `success`: everything was done; also when the reader of the output left early, as `head` does.
 * - `failed`: the engine refused or failed, for at least one of the objects that were named, or its answer broke off.
 * - `usage`: the command line is wrong, or asks for what the engine's API version does not have, or the files that say
 *   where the engine is cannot be used; nothing was sent for it.
 * - `unreachable`: no engine could be reached.
 * - `notRun`, `notRunnable`, `notFound`: what `run` was to run in a container was not, cannot be, or is not there.
 * - `interrupted`: ended by SIGINT (Ctrl-C).
 * - `terminated`: ended by SIGTERM.
 */
export const exitCodes = {
  success: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  notRun: 125,
  notRunnable: 126,
  notFound: 127,
  interrupted: 130,
  terminated: 143,
} as const;

/** One of the exit codes of `fairlead`. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
