/** Where data of a stack lies: in a volume of the engine, or in a folder of the engine's machine. */
export type DataPlace =
  | VolumePlace
  /** Absolute. */
  | { readonly kind: 'bind'; readonly path: string };

/** By the engine's name. */
export interface VolumePlace {
  readonly kind: 'volume';
  readonly name: string;
}

/** As people read it: "volume shop_data", "folder /srv/data". */
export const placeText = (place: DataPlace): string => (place.kind === 'volume' ? `volume ${place.name}` : `folder ${place.path}`);
