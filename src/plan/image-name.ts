/** An image reference as Docker completes it: "redis" is "docker.io/library/redis:latest". */
export function fullImageName(reference: string): string {
  if (reference.startsWith('sha256:')) return reference;
  const [path = '', digest] = reference.split('@', 2);
  const first = path.split('/')[0] ?? '';
  const hasRegistry = path.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const withRegistry = hasRegistry ? path : `docker.io/${path.includes('/') ? path : `library/${path}`}`;
  const tagged = /:[^/]+$/.test(withRegistry) ? withRegistry : `${withRegistry}${digest ? '' : ':latest'}`;
  return digest ? `${tagged}@${digest}` : tagged;
}
