// The door of auth callout: nats-server asks who connects and what they may do, this answers.
export { AuthCallout, type AuthCalloutOptions, REFUSALS, type Verdict } from './callout.ts';
export { type CalloutKeys, makeKeys, readSeed } from './keys.ts';
export { type Permissions, permissionsOf, type TrialPlace } from './permissions.ts';
export { serverConfiguration, TRAINERS } from './server-configuration.ts';
