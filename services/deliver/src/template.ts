import { Liquid, type Template as ParsedLiquid } from 'liquidjs';

/** A message template as its YAML file says it, already checked against `schemas/definitions/template.schema.json`. */
export interface TemplateFile {
  readonly id: string;
  readonly channel: 'email';
  readonly name: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

export interface RenderedMessage {
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
}

export interface Template {
  readonly id: string;
  readonly channel: 'email';
  /** Throws when the template exceeds its limits. Customer data reaches it as variables only. */
  readonly render: (variables: Readonly<Record<string, string>>) => RenderedMessage;
}

// No files, no inherited properties, bounded time and memory: a template is content, not code.
const limits = { parseLimit: 600_000, renderLimit: 2_000, memoryLimit: 5_000_000 };
const safe = { templates: {}, ownPropertyOnly: true, strictFilters: true, ...limits };
const plain = new Liquid(safe);
const escaping = new Liquid({ ...safe, outputEscape: 'escape' });

/** The parts of a template that Liquid cannot parse, with its message. */
export function templateFaults(
  file: TemplateFile,
): readonly { readonly part: 'subject' | 'text' | 'html'; readonly message: string }[] {
  const parts = ['subject', 'text', 'html'] as const;
  return parts.flatMap((part) => {
    try {
      escaping.parse(file[part] ?? '');
      return [];
    } catch (error) {
      return [{ part, message: `is no valid Liquid: ${error instanceof Error ? error.message : String(error)}` }];
    }
  });
}

export function templateFrom({ id, channel, subject, text, html }: TemplateFile): Template {
  const parsed = {
    subject: plain.parse(subject),
    text: plain.parse(text),
    html: html === undefined ? undefined : escaping.parse(html),
  };
  const renderWith = (engine: Liquid, template: ParsedLiquid[], variables: object): string =>
    String(engine.renderSync(template, variables));
  return {
    id,
    channel,
    render: (variables) => ({
      // A line break in a header would let a variable add headers of its own.
      subject: renderWith(plain, parsed.subject, variables)
        .replace(/[\r\n\t\p{Cc}]+/gu, ' ')
        .trim(),
      text: renderWith(plain, parsed.text, variables),
      html: parsed.html === undefined ? null : renderWith(escaping, parsed.html, variables),
    }),
  };
}
