/** The credentials of a registry, as the Engine's `AuthConfig` has them: a name and a password, or a token. */
export interface RegistryCredentials {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** What a registry gave in place of the password. */
  readonly identitytoken?: string | undefined;
  readonly registrytoken?: string | undefined;
  /** The registry. */
  readonly serveraddress?: string | undefined;
}
