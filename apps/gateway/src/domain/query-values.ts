interface ValueSchema {
  readonly type?: string;
  readonly items?: ValueSchema;
}

/** A query, which knows only texts, as its JSON Schema has it. What cannot be read stays text, and is refused by the schema. */
export function queryValues(
  query: Readonly<Record<string, unknown>>,
  properties: Readonly<Record<string, ValueSchema>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, valueOf(value, properties[name])]),
  );
}

function valueOf(value: unknown, schema: ValueSchema | undefined): unknown {
  if (schema?.type === 'array') return [value].flat().map((item) => valueOf(item, schema.items));
  if (typeof value !== 'string') return value;
  if (schema?.type === 'integer' || schema?.type === 'number')
    return /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value;
  if (schema?.type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}
