/** Where data of a stack lies: in a volume of the engine, or in a folder of the engine's machine. */
export type DataPlace =
  | { readonly kind: 'volume'; readonly name: string }
  /** Absolute. */
  | { readonly kind: 'bind'; readonly path: string };

/** As people read it: "volume shop_data", "folder /srv/data". */
export const placeText = (place: DataPlace): string => (place.kind === 'volume' ? `volume ${place.name}` : `folder ${place.path}`);
