import { setFlagsFromString } from 'node:v8';

/**
 * For whoever streams gigabytes. Buffers that were read lie outside of V8's heap and are freed when V8 clears its young generation, which
 * it does the less often the larger it lets it grow: on Node 24 up to 100 MB of them then wait, here 30, at no cost of time that can be
 * measured. What has grown already stays; there is no way back, and none is needed.
 */
export const keepYoungHeapSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1');
