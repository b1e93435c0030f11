import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with `N passed, N failed` alone on the last line, for people and for machines. */
export class PlainCount implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      if (module.children.size === 0 && !module.ok()) count.failed += 1;
      for (const test of module.children.allTests()) count[test.result().state] += 1;
    }
    const { passed, failed } = count;
    const skipped = count.skipped + count.pending;
    // At exit: the other reporters, and what still closes, have had their say.
    process.once('exit', () =>
      console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`),
    );
  }
}
