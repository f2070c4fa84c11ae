interface Schema {
  readonly $ref?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface Answer {
  readonly call: string;
  readonly status: number;
  readonly text: string;
}

/**
 * Calls every route that the API describes with `text` wherever a caller may put one: in the path, in all parameters and in
 * each alone, in every property of a body, and in a body that is no JSON. The keys and statuses that a route knows are said
 * rightly once, so that it goes on to look at the rest.
 */
export async function callEveryRoute(
  url: string,
  text: string,
  headers: Readonly<Record<string, string>>,
): Promise<readonly Answer[]> {
  const { paths, components } = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi;
  const answers: Answer[] = [];
  for (const [route, byMethod] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(byMethod)) {
      const at = url + route.replaceAll(/\{\w+\}/g, text);
      const bodies = /get|head|options/.test(method) ? [undefined] : bodiesOf(operation, components.schemas, text);
      for (const query of queriesOf(operation, text)) {
        for (const body of bodies) {
          const response = await fetch(at + query, {
            method: method.toUpperCase(),
            redirect: 'manual',
            headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
            ...(body === undefined ? {} : { body }),
          });
          answers.push({ call: `${method} ${route}`, status: response.status, text: await response.text() });
        }
      }
    }
  }
  return answers;
}

function queriesOf({ parameters = [] }: Operation, text: string): readonly string[] {
  const names = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const asked = [names, ...(names.length > 1 ? names.map((name) => [name]) : [])];
  return asked.map((some) => `?${new URLSearchParams(some.map((name) => [name, text]))}`);
}

function bodiesOf(
  { requestBody }: Operation,
  schemas: OpenApi['components']['schemas'],
  text: string,
): readonly string[] {
  const resolved = (schema: Schema = {}): Schema => schemas[schema.$ref?.split('/').at(-1) ?? ''] ?? schema;
  const { properties = {} } = resolved(requestBody?.content?.['application/json']?.schema);
  const said = {
    userId: text,
    event: text,
    ...Object.fromEntries(Object.keys(properties).map((name) => [name, text])),
  };
  const rightly = Object.entries(properties).flatMap(([name, schema]) => {
    const [known] = resolved(schema).enum ?? [];
    return known === undefined ? [] : [[name, known]];
  });
  return [JSON.stringify(said), JSON.stringify({ ...said, ...Object.fromEntries(rightly) }), `{"userId":"${text}"`];
}
