/** Upper bounds in seconds. Longer durations are counted in the last bucket, `+Inf`. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Number of durations in each bucket, and their sum. */
type Series = { readonly counts: Float64Array; sum: number };

/**
 * A Prometheus histogram. It observes every request and fetch, so it must be cheap: that of prom-client takes more than
 * ten times as long, because it looks up labels as objects (bench case `small`).
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export class Durations {
  readonly #name: string;
  readonly #help: string;
  readonly #label: string;
  readonly #series = new Map<string, Series>();

  constructor(name: string, label: string, help: string) {
    this.#name = name;
    this.#label = label;
    this.#help = help;
  }

  observe(labelValue: string, seconds: number): void {
    let series = this.#series.get(labelValue);
    if (!series) {
      series = { counts: new Float64Array(bounds.length + 1), sum: 0 };
      this.#series.set(labelValue, series);
    }
    let bucket = 0;
    while (bucket < bounds.length && seconds > (bounds[bucket] ?? 0)) bucket += 1;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
  }

  /** Returns the lines for the Prometheus page. */
  text(): string {
    const lines = [`# HELP ${this.#name} ${this.#help}`, `# TYPE ${this.#name} histogram`];
    for (const [labelValue, { counts, sum }] of this.#series) {
      const label = `${this.#label}="${escapeLabel(labelValue)}"`;
      let total = 0;
      counts.forEach((count, bucket) => {
        total += count;
        lines.push(`${this.#name}_bucket{${label},le="${bounds[bucket] ?? '+Inf'}"} ${total}`);
      });
      lines.push(`${this.#name}_sum{${label}} ${sum}`, `${this.#name}_count{${label}} ${total}`);
    }
    return `${lines.join('\n')}\n`;
  }
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

const escapeLabel = (value: string) => value.replace(/[\\"\n]/g, (character) => escapes[character] ?? '');
