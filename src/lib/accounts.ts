/** What /etc/passwd and /etc/group say, as texts. */
export interface Accounts {
  readonly passwd: string;
  readonly group: string;
}

/** One user as an engine finds it for a container: digits are ids, whether somebody has them or not. Undefined: nobody of that name. */
export function userIn({ passwd }: Accounts, user: string): { readonly uid: number; readonly gid?: number } | undefined {
  const fields = passwd.split('\n').map((line) => line.split(':'));
  const byName = fields.find(([name]) => name === user);
  const found = byName ?? fields.find(([, , uid]) => uid === user && isId(user));
  if (found && isId(found[2]) && isId(found[3])) return { uid: Number(found[2]), gid: Number(found[3]) };
  return isId(user) ? { uid: Number(user) } : undefined;
}

/** The id of a group; undefined: nobody of that name. */
export function groupIn({ group }: Accounts, name: string): number | undefined {
  const found = group
    .split('\n')
    .map((line) => line.split(':'))
    .find(([each]) => each === name);
  if (found && isId(found[2])) return Number(found[2]);
  return isId(name) ? Number(name) : undefined;
}

const isId = (text: string | undefined): boolean => text !== undefined && /^\d{1,10}$/.test(text);
