import module from 'node:module';

// Before anything else is loaded: from its second start on, Node (from 22.1) reads the program from its cache of compiled code.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

void import('./cli.ts');
