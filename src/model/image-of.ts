import type { ServiceSpec } from './desired.ts';

/** What the containers of a service are made of, as the engine is asked for it: the pinned image, else whatever the reference means. */
export const imageOf = ({ pinned, settings }: Pick<ServiceSpec, 'settings'> & { readonly pinned?: string | undefined }): string =>
  pinned ?? settings.image;

/** A reference that means one image for ever: "nginx:1.27" with its digest as "nginx:1.27@sha256:…". */
export const withDigest = (reference: string, digest: string): string => `${reference.replace(/@.*$/, '')}@${digest}`;

/** "sha256:…" of a reference that holds one; undefined for a tag. */
export const digestOf = (reference: string): string | undefined => /@(sha256:[0-9a-f]{64})$/.exec(reference)?.[1];
