type Paint = (text: string) => string;

/** How text is set off on this output; without colour each gives back what it got. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
  readonly magenta: Paint;
}

/** The style of an output that takes colour, or does not. */
export function createStyle({ color }: { readonly color: boolean }): Style {
  const paint = (on: number, off: number): Paint => {
    const [begin, end] = [`${escape}[${on}m`, `${escape}[${off}m`];
    // A line break ends the colour, so that a pager that shows one line shows it right.
    return (text) =>
      color && text !== ''
        ? text
            .split('\n')
            .map((line) => (line === '' ? line : `${begin}${line}${end}`))
            .join('\n')
        : text;
  };
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
    magenta: paint(35, 39),
  };
}

const escape = String.fromCharCode(0x1b);

/** For files, pipes and tests. */
export const plainStyle: Style = createStyle({ color: false });
