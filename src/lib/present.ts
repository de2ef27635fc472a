type Present<T> = { [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined> } & {
  [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key];
};

/** The object without the keys whose value is undefined. */
export const present = <T extends object>(value: T): Present<T> =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Present<T>;

/** Nothing, when there is nothing in it. */
export const some = <T extends object>(value: T): T | undefined => (Object.keys(value).length > 0 ? value : undefined);
