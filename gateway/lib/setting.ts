/** Defines how the text of a setting is read. */
export type Kind<Value> = {
  /** Returns the value; undefined if the text breaks the rule. */
  readonly parse: (text: string) => Value | undefined;
  /** Returns the rule as text: `must be a whole number, not "x"`. It must not repeat a text that may hold a secret. */
  readonly rule: (text: string) => string;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** An environment variable that an operator can set. An empty one counts as not set. */
export class Setting<Value> {
  readonly name: string;
  /** The description, a sentence for people. */
  readonly about: string;
  /** The default as text; undefined if there is none. */
  readonly standard: string | undefined;
  readonly #kind: Kind<unknown>;

  constructor(name: string, about: string, kind: Kind<unknown>, standard: string | undefined) {
    this.name = name;
    this.about = about;
    this.standard = standard;
    this.#kind = kind;
  }

  /** Returns the rule that the environment breaks, with the name of the setting; undefined if it breaks none. */
  problemIn(env: Environment): string | undefined {
    const text = env[this.name];
    if (!text || this.#kind.parse(text) !== undefined) return undefined;
    return `${this.name} ${this.#kind.rule(text)}.`;
  }

  /** Returns what the environment sets, or the default. */
  valueIn(env: Environment): Value {
    const text = env[this.name] || this.standard;
    return (text === undefined ? undefined : this.#kind.parse(text)) as Value;
  }
}

/** Declares a setting: its name, its sentence, how it is read and, as text, its default. */
export function setting<Value>(name: string, about: string, kind: Kind<Value>): Setting<Value | undefined>;
export function setting<Value>(
  name: string,
  about: string,
  kind: Kind<Value>,
  standard: string,
): Setting<Value>;
export function setting(name: string, about: string, kind: Kind<unknown>, standard?: string) {
  return new Setting(name, about, kind, standard);
}

/** Declares one setting for each of several names. */
export const settingForEach = <Name extends string, Value>(
  names: readonly Name[],
  declare: (name: Name) => Setting<Value>,
): Readonly<Record<Name, Setting<Value>>> =>
  Object.fromEntries(names.map((name) => [name, declare(name)])) as Record<Name, Setting<Value>>;

/** A table of settings by their names in the code. It can hold other tables. */
export type SettingTable = { readonly [name: string]: Setting<unknown> | SettingTable };

/** The values of a table of settings, with the same names. */
export type ValuesOf<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : ValuesOf<Table[Name]>;
};

/** Values of some settings of a table. A setting without a value has its default. */
export type SomeValuesOf<Table> = {
  readonly [Name in keyof Table]?:
    | (Table[Name] extends Setting<infer Value> ? Value : SomeValuesOf<Table[Name]>)
    | undefined;
};

/** Lists the settings of a table in their order. */
export function listSettings(table: SettingTable): readonly Setting<unknown>[] {
  return Object.values(table).flatMap((entry) => (entry instanceof Setting ? entry : listSettings(entry)));
}

/** Reads the values of a table from an environment without problems. */
export function valuesOf<Table extends SettingTable>(table: Table, env: Environment): ValuesOf<Table> {
  const values = Object.entries(table).map(([name, entry]) => [
    name,
    entry instanceof Setting ? entry.valueIn(env) : valuesOf(entry, env),
  ]);
  return Object.fromEntries(values) as ValuesOf<Table>;
}

/** Returns the default of each setting. */
export const defaultsOf = <Table extends SettingTable>(table: Table): ValuesOf<Table> => valuesOf(table, {});

/** What is given, with a value of each setting. */
export type Settled<Table, Given> = Omit<Given, keyof Table> & {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value>
    ? Value
    : ValuesOf<Table[Name]> & Omit<NonNullable<(Given & Record<Name, unknown>)[Name]>, keyof Table[Name]>;
};

/** Adds the default of each setting that is not given. Returns whatever else is given unchanged. */
export function withDefaults<Table extends SettingTable, Given extends SomeValuesOf<Table>>(
  table: Table,
  given: Given,
): Settled<Table, Given> {
  const all: Record<string, unknown> = { ...given };
  for (const [name, entry] of Object.entries(table)) {
    if (!(entry instanceof Setting)) all[name] = withDefaults(entry, all[name] ?? {});
    else if (all[name] === undefined) all[name] = entry.valueIn({});
  }
  return all as Settled<Table, Given>;
}

/** Returns the values of the settings in a table, from those of a larger one. */
export const pickValues = <Table extends SettingTable, Values extends ValuesOf<Table>>(
  table: Table,
  values: Values,
): Pick<Values, keyof Table> =>
  Object.fromEntries(Object.keys(table).map((name) => [name, values[name]])) as Pick<Values, keyof Table>;
