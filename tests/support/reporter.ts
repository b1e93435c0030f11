import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with `N passed, N failed` alone on the last line, after the names of what was skipped: a skipped test proves nothing. */
export class PlainCount implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    const skipped: string[] = [];
    for (const module of modules) {
      if (module.children.size === 0 && !module.ok()) count.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        count[state] += 1;
        if (state !== 'passed' && state !== 'failed') {
          skipped.push(`skipped: ${module.relativeModuleId} > ${test.fullName}`);
        }
      }
    }
    const lines = [...skipped, `${count.passed} passed, ${count.failed} failed`];
    // At exit: the other reporters, and what still closes, have had their say.
    process.once('exit', () => console.log(lines.join('\n')));
  }
}
