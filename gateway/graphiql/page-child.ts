import { gzipSync } from 'node:zlib';
import { type CallersOf, renderPage } from './page.ts';

// Runs in a child process (see page-bytes.ts), so that the memory for rendering, several times the page, is released.

process.stdout.write(gzipSync(renderPage(process.argv[2] as CallersOf), { level: 9 }));
