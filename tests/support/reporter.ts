import type { Reporter, TestModule } from 'vitest/node';

/** Prints the names of skipped tests, and `N passed, N failed` alone on the last line: a skipped test proves nothing. */
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
    // At exit, after the output of the other reporters and of what still closes.
    process.once('exit', () => console.log(lines.join('\n')));
  }
}
