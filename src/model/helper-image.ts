/**
 * The image of the containers that work inside volumes, unless a person names another one: it has GNU tar, find, cp and perl, and its
 * digest says that nobody can put another one in its place.
 */
export const builtInHelperImage = 'debian:13-slim@sha256:a29215f6a35e51e22adffa17f89e9d2ef06214e64a2bad10d765c46aea49f11f';
