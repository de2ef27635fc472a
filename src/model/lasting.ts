import type { Settings } from './settings.ts';

/** Settings without what the engine may give anew at every start: of an address that nobody declared, it may choose another one. */
export function lasting(settings: Settings): Settings {
  const { mac_address: _mac, ...rest } = settings;
  return rest;
}
