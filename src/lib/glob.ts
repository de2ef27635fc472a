/**
 * Whether a text as a whole is what a pattern says: `*` stands for any run of characters, also an empty one, `?` for one character, all
 * else for itself. Takes time in proportion to both lengths multiplied, whatever the pattern.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const [glob, letters] = [[...pattern], [...text]];
  let [at, of] = [0, 0];
  // Where to go on when what follows the last `*` does not fit: behind it, one letter further
  let again: { readonly at: number; of: number } | undefined;
  while (of < letters.length) {
    if (glob[at] === '*') again = { at: ++at, of };
    else if (glob[at] === '?' || glob[at] === letters[of]) [at, of] = [at + 1, of + 1];
    else if (again) [at, of] = [again.at, ++again.of];
    else return false;
  }
  return glob.slice(at).every((each) => each === '*');
}
