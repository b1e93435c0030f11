import { gzipSync } from 'node:zlib';
import { type CallersOf, renderPage } from './page.ts';

// Runs as a process of its own (see page-bytes.ts): what rendering takes, several times the page, is gone with it.

process.stdout.write(gzipSync(renderPage(process.argv[2] as CallersOf), { level: 9 }));
