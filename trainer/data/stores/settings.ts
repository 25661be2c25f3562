// What stores need to know of the environment: the names are those that Amazon's tools read.
import type { StoreSettings } from './store.ts';

export function storeSettings(env: Readonly<Record<string, string | undefined>>): StoreSettings {
  const set = (name: string) => env[name] || undefined;
  return {
    s3: {
      accessKeyId: set('AWS_ACCESS_KEY_ID'),
      secretAccessKey: set('AWS_SECRET_ACCESS_KEY'),
      sessionToken: set('AWS_SESSION_TOKEN'),
      region: set('AWS_REGION') ?? set('AWS_DEFAULT_REGION') ?? 'us-east-1',
      endpoint: set('AWS_ENDPOINT_URL_S3') ?? set('AWS_ENDPOINT_URL'),
    },
  };
}
