export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(['The environment has settings that cannot be used:', ...problems].join('\n  - '));
    this.name = 'ConfigError';
  }
}
